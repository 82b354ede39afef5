#!/usr/bin/env python3
"""A name server that says nothing until a line comes on its input; from then on every name is 127.0.0.1.

Argument: the address to serve, port 53. Prints `ready`, and `answering` when it begins to answer.
"""

import socket
import sys
import threading

listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
listener.bind((sys.argv[1], 53))
answers = threading.Event()


def serve() -> None:
    while True:
        query, caller = listener.recvfrom(4096)
        if not answers.is_set():
            continue
        end = query.index(0, 12) + 5
        is_address = query[end - 4:end - 2] == b"\0\1"
        count = b"\0\1" if is_address else b"\0\0"
        record = b"\xc0\x0c\0\1\0\1\0\0\0\1\0\4" + socket.inet_aton("127.0.0.1") if is_address else b""
        listener.sendto(query[:2] + b"\x81\x80\0\1" + count + b"\0\0\0\0" + query[12:end] + record, caller)


threading.Thread(target=serve, daemon=True).start()
print("ready", flush=True)
sys.stdin.readline()
answers.set()
print("answering", flush=True)
sys.stdin.readline()
