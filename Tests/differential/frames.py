"""The files through which the tests and these readers speak.

A stream:   method (u8 length, bytes; empty for a stream of requests), u32 length, bytes
A reading:  u8 state, u16 messages, each
            u8 complete, u16 lines, each u32 length and bytes, u32 length and bytes of the body

The first line of a message is `METHOD TARGET MINOR` or `STATUS MINOR`; the
others are its fields, `name: value`, the name in lower case, the value without
the blanks around it. All numbers are big-endian.
"""

import struct
from dataclasses import dataclass

# Where a reading stopped: more could come, was refused, or the connection is over.
WAITING, REFUSED, CLOSED = 0, 1, 2


@dataclass
class Stream:
    method: str
    bytes: bytes

    @property
    def is_response(self):
        return bool(self.method)


@dataclass
class Message:
    lines: list
    body: bytes = b""
    complete: bool = False
    # Whether the head says where the body ends.
    is_framed: bool = True

    @staticmethod
    def request(method, target, version, fields):
        start = b" ".join([method, target, version[-1:]])
        return Message([start] + lines(fields))

    @staticmethod
    def response(status, version, fields):
        found = {name.lower() for name, _ in fields}
        framed = bool(found & {b"content-length", b"transfer-encoding"}) or status < 200 or status in (204, 304)
        return Message([b"%d %s" % (status, version[-1:])] + lines(fields), is_framed=framed)


def lines(fields):
    return [bytes(name).lower() + b": " + bytes(value).strip(b" \t") for name, value in fields]


def read_streams(source):
    while size := source.read(1):
        method = source.read(size[0]).decode()
        (length,) = struct.unpack(">I", source.read(4))
        data = source.read(length)
        if len(data) != length:
            raise EOFError("a stream was cut off")
        yield Stream(method, data)


def write_readings(out, messages, state):
    parts = [struct.pack(">BH", state, len(messages))]
    for message in messages:
        parts.append(struct.pack(">BH", message.complete, len(message.lines)))
        for line in message.lines:
            parts += [struct.pack(">I", len(line)), line]
        parts += [struct.pack(">I", len(message.body)), message.body]
    out.write(b"".join(parts))
