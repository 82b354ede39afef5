"""What was used of a key's quota, moved in the database of a daemon that does not run.

quota_use.py DATABASE KEY later SECONDS         as if so much time had passed since
quota_use.py DATABASE KEY steady MS SECONDS     as if there had been a request every MS for the last SECONDS
"""
import json
import sqlite3
import sys
import time


def main() -> None:
    database, key, verb, *numbers = sys.argv[1:]
    numbers = [int(number) for number in numbers]
    now = int(time.time() * 1000)
    with sqlite3.connect(database) as connection:
        row = connection.execute(
            "SELECT key_id, width, cells, since FROM quota_use JOIN key ON id = key_id WHERE name = ?", (key,)
        ).fetchone()
        if row is None:
            raise SystemExit(f"nothing is known of {key}")
        place, width, text, since = row
        cells = [[int(number) for number in cell.split()] for cell in text.split(",") if cell]
        if verb == "later":
            by = -(-numbers[0] * 1000 // width)
            cells = [[number - by, requests, tokens] for number, requests, tokens in cells]
            since -= by * width
        else:
            pace, length = numbers
            since = now - length * 1000
            counts: dict[int, int] = {}
            for moment in range(since, now, pace):
                counts[moment // width] = counts.get(moment // width, 0) + 1
            cells = [[number, requests, 0] for number, requests in sorted(counts.items())]
        text = ",".join(" ".join(map(str, cell)) for cell in cells)
        connection.execute("UPDATE quota_use SET cells = ?, since = ? WHERE key_id = ?", (text, since, place))
    print(json.dumps({"now": now, "requests": sum(cell[1] for cell in cells)}))


main()
