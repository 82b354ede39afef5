"""Callers of the exhaustion runs: polite ones, ones that never read, and far too many."""

import asyncio
import socket
import time
from dataclasses import dataclass, field


def request(port: int, key: str, stream: bool, close: bool = False) -> bytes:
    body = b'{"model":"m/exhaust","stream":%s,"messages":[{"role":"user","content":"hello"}]}' % (
        b"true" if stream else b"false")
    return (f"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            f"{'Connection: close' + chr(13) + chr(10) if close else ''}\r\n").encode() + body


@dataclass
class Tally:
    """What callers saw; seconds."""
    served: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    """503 with Retry-After."""
    other: int = 0
    """Anything else: resets, other statuses, an answer cut off."""
    unmade: int = 0
    """Requests that this generator did not begin in time."""

    @property
    def offered(self) -> int:
        return len(self.served) + len(self.refused) + self.other


def percentile(values: list[float], part: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else float("nan")


async def read_answer(reader: asyncio.StreamReader) -> tuple[int, bool]:
    """Status, and whether the answer is an honest refusal; the body is read."""
    head = await reader.readuntil(b"\r\n\r\n")
    fields = head.lower()
    length = int(fields.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
    await reader.readexactly(length)
    return int(head[9:12]), b"\r\nretry-after:" in fields


async def ask(port: int, message: bytes, begin: float, tally: Tally, patience: float) -> None:
    """One request on a connection of its own."""
    writer = None
    try:
        async with asyncio.timeout(patience):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(message)
            status, is_honest = await read_answer(reader)
        taken = time.monotonic() - begin
        if status == 200:
            tally.served.append(taken)
        elif status == 503 and is_honest:
            tally.refused.append(taken)
        else:
            tally.other += 1
    except (OSError, asyncio.IncompleteReadError, TimeoutError, IndexError):
        tally.other += 1
    finally:
        if writer:
            writer.transport.abort()


async def offer(port: int, key: str, rate: float, seconds: float, patience: float = 20) -> Tally:
    """Open loop: so many requests a second, each on a new connection, whether or not answers come."""
    tally, running = Tally(), set()
    message = request(port, key, stream=False, close=True)
    start = time.monotonic()
    for number in range(int(rate * seconds)):
        due = start + number / rate
        if (wait := due - time.monotonic()) > 0:
            await asyncio.sleep(wait)
        elif wait < -1:
            tally.unmade += 1
            continue
        task = asyncio.create_task(ask(port, message, time.monotonic(), tally, patience))
        running.add(task)
        task.add_done_callback(running.discard)
    await asyncio.gather(*running)
    return tally


async def fill(port: int, key: str, callers: int, seconds: float) -> Tally:
    """Closed loop: so many callers, each asks again as soon as it was answered."""
    tally = Tally()
    message = request(port, key, stream=False, close=True)
    end = time.monotonic() + seconds

    async def go_on() -> None:
        while (now := time.monotonic()) < end:
            await ask(port, message, now, tally, 20)

    await asyncio.gather(*(go_on() for _ in range(callers)))
    return tally


async def probe(port: int, key: str, rate: float, seconds: float) -> list[float]:
    """Seconds that requests took which come one by one, on connections that are kept."""
    message, taken = request(port, key, stream=False), []
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    start = time.monotonic()
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0, start + number / rate - time.monotonic()))
        begin = time.monotonic()
        writer.write(message)
        status, _ = await read_answer(reader)
        if status != 200:
            raise RuntimeError(f"a polite caller was answered {status}")
        taken.append(time.monotonic() - begin)
    writer.transport.abort()
    return taken


def stall(port: int, key: str, count: int) -> list[socket.socket]:
    """Callers that ask for a stream and never read."""
    message, sockets = request(port, key, stream=True), []
    for _ in range(count):
        caller = socket.socket()
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        caller.connect(("127.0.0.1", port))
        caller.sendall(message)
        sockets.append(caller)
    return sockets
