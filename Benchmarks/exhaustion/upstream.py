#!/usr/bin/env python3
"""The upstream of the exhaustion runs. Prints its port, then serves until it is ended.

POST with "stream": true: events as fast as they are taken, without end. Any other POST: a small JSON answer, after as
many milliseconds as argument 1 says.
"""

import asyncio
import resource
import socket
import sys

LATENCY = int(sys.argv[1]) / 1000 if len(sys.argv) > 1 else 0
EVENT = b'data: {"choices":[{"index":0,"delta":{"content":"0123456789abcdef"}}]}\n\n'
PIECE = EVENT * 100
CHUNK = b"%x\r\n%s\r\n" % (len(PIECE), PIECE)
STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
BODY = b'{"id":"gen-1","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant",' \
       b'"content":"' + b"word " * 200 + b'"},"finish_reason":"stop"}],' \
       b'"usage":{"prompt_tokens":1,"completion_tokens":200,"total_tokens":201}}'
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY)


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    # What a stalled stream holds here would otherwise be megabytes in the kernel.
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    writer.transport.set_write_buffer_limits(high=0)
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
            body = await reader.readexactly(length)
            if b'"stream":true' in body.replace(b" ", b""):
                writer.write(STREAM)
                while True:
                    writer.write(CHUNK)
                    await writer.drain()
            if LATENCY:
                await asyncio.sleep(LATENCY)
            writer.write(ANSWER)
            await writer.drain()
    except (OSError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.transport.abort()


async def main() -> None:
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
