#!/usr/bin/env python3
"""An upstream with a certificate that must not be trusted: of another kind whenever it is told so.

It listens on a port of its own, which it prints with the kinds there are. For each line of its input, which is such a
kind, it prints what the last kind had: the connections, and the bytes that came through TLS. `good` comes with a
certificate that is all right, and answers.
"""

import sys

sys.dont_write_bytecode = True

import json
import pathlib
import socket
import ssl
import threading

from authority import GOOD, Authority

NAME = "DNS:localhost"
directory = pathlib.Path(sys.argv[1])


def make():
    """Certificates by kind; each is a pair of files."""
    ours, stranger = Authority(directory), Authority(directory, "stranger")
    ours.sign("good", NAME)
    ours.sign("expired", NAME, days=("-3", "-1"))
    ours.sign("not-yet-valid", NAME, days=("+1", "+3"))
    ours.sign("another-name", "DNS:openrouter.example")
    ours.sign("no-alternative-name", "", common="localhost")
    ours.sign("wildcard-for-everything", "DNS:*")
    ours.sign("wildcard-in-a-label", "DNS:local*")
    ours.sign("only-the-address", "IP:127.0.0.1, IP:::1")
    ours.sign("for-clients", NAME, extensions=GOOD.replace("serverAuth", "clientAuth"))
    ours.sign("spoilt-signature", NAME)
    ours.spoil("spoilt-signature")
    stranger.sign("unknown-authority", NAME)
    ours.sign("no-authority", "DNS:elsewhere")
    ours.sign("signed-by-a-leaf", NAME, by="no-authority", chain=["no-authority"])
    ours.sign("old-version", NAME)
    Authority(directory, "self-signed", NAME)
    return [
        "expired", "not-yet-valid", "another-name", "no-alternative-name", "wildcard-for-everything",
        "wildcard-in-a-label", "only-the-address", "for-clients", "spoilt-signature", "unknown-authority",
        "signed-by-a-leaf", "self-signed", "old-version", "garbage", "half-a-handshake",
    ]


class Upstream:
    def __init__(self):
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.kind = "good"
        self.connections, self.plaintext = 0, b""

    def context(self, kind):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(directory / f"{kind}.pem", directory / f"{kind}.key")
        if kind == "old-version":
            context.set_ciphers("DEFAULT:@SECLEVEL=0")
            context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
        return context

    def change(self, kind):
        with self.lock:
            seen = {"kind": self.kind, "connections": self.connections,
                    "plaintext": self.plaintext.decode("latin-1")}
            self.kind, self.connections, self.plaintext = kind, 0, b""
        return seen

    def serve(self):
        while True:
            connection, _ = self.listener.accept()
            with self.lock:
                self.connections += 1
                kind = self.kind
            threading.Thread(target=self.talk, args=(connection, kind), daemon=True).start()

    def talk(self, connection, kind):
        connection.settimeout(10)
        with connection:
            try:
                if kind == "garbage":
                    connection.recv(65536)
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
                elif kind == "half-a-handshake":
                    self.half(connection)
                else:
                    with self.context(kind).wrap_socket(connection, server_side=True) as secured:
                        self.hear(secured, kind)
            except OSError:
                pass

    def hear(self, secured, kind):
        request = b""
        while b"\r\n\r\n" not in request:
            piece = secured.recv(65536)
            if not piece:
                return
            request += piece
            with self.lock:
                self.plaintext += piece
        secured.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n"
                        b"Connection: close\r\n\r\n" + b'{"data":[]}')

    def half(self, connection):
        """The true beginning of a handshake, cut in the middle."""
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        server = self.context("good").wrap_bio(incoming, outgoing, server_side=True)
        incoming.write(connection.recv(65536))
        try:
            server.do_handshake()
        except ssl.SSLWantReadError:
            connection.sendall(outgoing.read()[:200])


kinds = make()
upstream = Upstream()
threading.Thread(target=upstream.serve, daemon=True).start()
print(json.dumps({"port": upstream.listener.getsockname()[1], "kinds": kinds}), flush=True)
for line in sys.stdin:
    print(json.dumps(upstream.change(line.strip())), flush=True)
