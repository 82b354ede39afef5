#!/usr/bin/env python3
"""The upstream of the crash runs: bills every answer and writes the bill down before its end leaves.

Argument 1: the file of bills, one JSON object a line. Prints its port, then serves until it is ended. An answer's size
and price follow from its number alone, so that two runs bill alike.
"""

import asyncio
import json
import random
import sys

PRICE = 2_500_000
"""Of a token: 10⁻¹² USD."""


class Upstream:
    def __init__(self, path: str):
        self.bills = open(path, "a", encoding="ascii", buffering=1)
        self.number = 0
        self.billed: dict[str, dict] = {}

    def bill(self, **facts) -> None:
        if facts["event"] == "billed":
            self.billed[facts["generation"]] = facts
        self.bills.write(json.dumps(facts) + "\n")

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                if head.startswith(b"GET "):
                    await self.record(head.split(b" ")[1].decode().rpartition("id=")[2], writer)
                    continue
                length = next((int(line[15:]) for line in head.split(b"\r\n")
                               if line.lower().startswith(b"content-length:")), 0)
                body = json.loads(await reader.readexactly(length))
                await self.answer(body, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.transport.abort()

    async def record(self, generation: str, writer: asyncio.StreamWriter) -> None:
        """What `GET /generation` says: 404 for what was not billed."""
        bill = self.billed.get(generation)
        data = json.dumps({"data": bill and {
            "id": generation, "total_cost": bill["cost"] / 1e12, "tokens_prompt": bill["prompt"],
            "tokens_completion": bill["completion"]}}).encode()
        writer.write(b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (
            b"200 OK" if bill else b"404 Not Found", len(data), data))
        await writer.drain()

    async def answer(self, body: dict, writer: asyncio.StreamWriter) -> None:
        self.number += 1
        chance = random.Random(self.number)
        generation = f"gen-{self.number}"
        prompt, completion = chance.randint(5, 900), chance.randint(1, 700)
        cost = (prompt + completion) * PRICE
        self.bill(event="begun", generation=generation, user=body["user"])
        usage = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion,
                 "cost": cost / 1e12}
        bill = dict(event="billed", generation=generation, user=body["user"], prompt=prompt, completion=completion,
                    cost=cost)
        if body.get("stream"):
            await self.stream(writer, generation, usage, chance, bill)
        else:
            await asyncio.sleep(chance.random() * 0.01)
            answer = json.dumps({
                "id": generation, "object": "chat.completion", "usage": usage,
                "choices": [{"index": 0, "message": {"role": "assistant", "content": "word " * 20},
                             "finish_reason": "stop"}]}).encode()
            self.bill(**bill)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Generation-Id: %s\r\n"
                         b"Content-Length: %d\r\n\r\n%s" % (generation.encode(), len(answer), answer))
            await writer.drain()

    async def stream(self, writer: asyncio.StreamWriter, generation: str, usage: dict, chance: random.Random,
                     bill: dict) -> None:
        def chunk(data: bytes) -> bytes:
            return b"%x\r\ndata: %s\n\n\r\n" % (len(data) + 8, data)

        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nX-Generation-Id: %s\r\n"
                     b"Transfer-Encoding: chunked\r\n\r\n" % generation.encode())
        for _ in range(chance.randint(2, 8)):
            writer.write(chunk(json.dumps({"id": generation, "choices": [
                {"index": 0, "delta": {"content": "word"}, "finish_reason": None}]}).encode()))
            await writer.drain()
            await asyncio.sleep(chance.random() * 0.006)
        self.bill(**bill)
        writer.write(chunk(json.dumps({"id": generation, "usage": usage, "choices": [
            {"index": 0, "delta": {}, "finish_reason": "stop"}]}).encode()) + chunk(b"[DONE]") + b"0\r\n\r\n")
        await writer.drain()


async def main() -> None:
    upstream = Upstream(sys.argv[1])
    server = await asyncio.start_server(upstream.serve, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
