"""Callers of the crash runs: they write down what they saw of each answer, and go on until their daemon dies."""

import asyncio
import json
import time
from dataclasses import dataclass, field


@dataclass
class Seen:
    """What one caller knows of one request."""
    user: str
    request: str | None = None
    """The id that the answer's head named."""
    status: int = 0
    any_byte: bool = False
    complete: bool = False
    """The caller saw the proper end of a good answer."""
    usage: dict = field(default_factory=dict)
    begun: float = 0
    """Monotonic seconds."""
    took: float = 0
    """Seconds until the head was there."""


class Callers:
    def __init__(self, port: int, key: str):
        self.port, self.key = port, key
        self.seen: list[Seen] = []
        self.number = 0
        self.in_flight = 0

    async def run(self, count: int, over: asyncio.Event) -> None:
        await asyncio.gather(*(self.go_on(over) for _ in range(count)))

    async def go_on(self, over: asyncio.Event) -> None:
        writer = None
        while not over.is_set():
            try:
                if writer is None or writer.is_closing():
                    reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                self.number += 1
                seen = Seen(user=f"u-{self.number}", begun=time.monotonic())
                self.seen.append(seen)
                self.in_flight += 1
                try:
                    await self.ask(seen, reader, writer)
                finally:
                    self.in_flight -= 1
                if seen.status == 503:
                    await asyncio.sleep(0.02)
            except (OSError, EOFError, ValueError):
                # The daemon died; a new one takes new connections.
                if writer:
                    writer.transport.abort()
                writer = None
                await asyncio.sleep(0.005)
        if writer:
            writer.transport.abort()

    async def ask(self, seen: Seen, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        stream = self.number % 5 < 3
        body = json.dumps({"model": "m/crash", "user": seen.user, "stream": stream,
                           "messages": [{"role": "user", "content": "hello"}]}).encode()
        writer.write((f"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {self.key}\r\n"
                      f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n").encode() + body)
        head = await reader.readuntil(b"\r\n\r\n")
        seen.any_byte, seen.took = True, time.monotonic() - seen.begun
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
        seen.status = int(head[9:12])
        seen.request = fields.get(b"ork-request", b"").decode() or None
        if b"content-length" in fields:
            payload = await reader.readexactly(int(fields[b"content-length"]))
            if seen.status == 200:
                seen.usage = json.loads(payload)["usage"]
                seen.complete = True
        else:
            self.note(seen, await self.read_chunks(reader), fields.get(b"content-type", b""))

    async def read_chunks(self, reader: asyncio.StreamReader) -> bytes:
        text = b""
        while (size := int(await reader.readline(), 16)):
            text += await reader.readexactly(size)
            await reader.readexactly(2)
        await reader.readexactly(2)
        return text

    def note(self, seen: Seen, text: bytes, kind: bytes) -> None:
        """What an answer without a stated length says."""
        if kind.startswith(b"application/json"):
            seen.usage = json.loads(text).get("usage") or {}
            seen.complete = seen.status == 200
            return
        events = [event[6:] for event in text.split(b"\n\n") if event.startswith(b"data: ")]
        for event in events:
            if event != b"[DONE]":
                seen.usage = json.loads(event).get("usage") or seen.usage
        seen.complete = seen.status == 200 and bool(events) and events[-1] == b"[DONE]"
