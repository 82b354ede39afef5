"""Has orkctl show what strangers wrote, on a terminal and into a pipe.

Usage: hostile_check.py ORKCTL KEY REQUEST...   (ORKD_SOCKET names the daemon)
Prints one JSON object: {"checks": {NAME: true | WHAT WAS SEEN, ...}}.
"""

import os
import subprocess
import sys

import pexpect
import pyte
import wcwidth

from terminal import Verdict, strangers

WIDTH = 160


def pty(orkctl, words):
    env = dict(os.environ, TERM="xterm", PAGER="cat")
    child = pexpect.spawn(orkctl, words, env=env, timeout=20, dimensions=(60, WIDTH))
    child.delayafterclose = child.ptyproc.delayafterclose = 0
    child.expect(pexpect.EOF)
    child.close()
    return child.before


def pipe(orkctl, words):
    ran = subprocess.run([orkctl] + words, stdin=subprocess.DEVNULL, capture_output=True, timeout=20, check=False)
    return ran.stdout + ran.stderr


def aligned(output, width, columns):
    """Whether the columns stand where their headers are, as a terminal counts cells."""
    screen = pyte.Screen(width, 200)
    stream = pyte.ByteStream(screen)
    stream.feed(output if b"\r\n" in output else output.replace(b"\n", b"\r\n"))
    lines = [line for line in screen.display if line.strip()]
    header = next((line for line in lines if line.startswith(columns[0])), "")
    if not header or len(lines) < 2:
        return "no table in %r" % lines[:3]
    for column in columns[1:]:
        place = header.find(column)
        if place < 0:
            return "no column %s in %r" % (column, header)
        for row in lines[lines.index(header) + 1 :]:
            # Two cells stand between columns.
            if screen_text(row, place - 2, place).strip() or not screen_text(row, place, place + 1).strip():
                return "%s is not under its header: %r" % (column, row)
    return None


def screen_text(row, start, end):
    """Part of a row by cells: pyte shows a wide character and nothing for its second cell."""
    cells = []
    for character in row:
        cells.append(character)
        cells.extend([""] * (max(wcwidth.wcwidth(character), 0) - 1))
    return "".join(cells[start:end])


def main(orkctl, key, requests):
    verdict = Verdict()
    commands = [["requests", "list"], ["requests", "list", "-o", "wide"], ["requests", "list", "--by", "model"]]
    commands += [["keys", "list", "-o", "wide"], ["keys", "show", key], ["keys", "history", key]]
    commands += [["events"], ["events", "-o", "wide"], ["status"]]
    for request in requests:
        commands += [["explain", request], ["requests", "show", request]]
    commands += [["keys", "set", key, "--account", "x\u202e", "--rename", "\x1b]0;owned\x07"]]
    commands += [["keys", "list", "--columns", "\x1b[2Jname"], ["\x9b31m"], ["explain", "\u202ekeys"]]
    for words in commands:
        forms = [[]] + ([["-o", form] for form in ("json", "jsonl", "csv", "tsv", "name")] if words[-1] != "wide" else [])
        for form in forms:
            name = " ".join(words + form).encode("unicode_escape").decode()
            # A form of output is the same in both places; a few are looked at in both.
            places = [("pty", pty), ("pipe", pipe)] if form in ([], ["-o", "jsonl"]) else [("pipe", pipe)]
            for place, run in places:
                output = run(orkctl, words + form)
                # Tabs between cells are what TSV is.
                bad = strangers(output.replace(b"\t", b"") if "tsv" in form else output)
                verdict.expect("%s: %s" % (place, name), not bad, bad)
    table = ["requests", "list", "--columns", "id,model,code,key"]
    for place, run, width in [("pty", pty, WIDTH), ("pipe", pipe, 2_000)]:
        wrong = aligned(run(orkctl, table), width, ["ID", "MODEL", "CODE", "KEY"])
        verdict.expect("columns are aligned in a " + place, wrong is None, wrong and wrong[:600])
    verdict.print()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
