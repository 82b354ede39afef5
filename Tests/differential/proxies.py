"""nginx and haproxy as readers: a proxy's reading of a stream is what it
sends on, taken down by a recorder behind it.

Both run in the foreground for the time of one comparison, on Unix sockets in
a directory of their own; nothing of the machine's own configuration is used.
"""

import contextlib
import os
import selectors
import shutil
import socket
import subprocess
import tempfile
import time

import httptools

from frames import REFUSED, WAITING, Message

NGINX = """
daemon off; master_process off; worker_processes 1; pid {dir}/nginx.pid; error_log {dir}/nginx.log;
events {{ worker_connections 256; }}
http {{
  access_log off; client_body_temp_path {dir}/body; proxy_temp_path {dir}/proxy; fastcgi_temp_path {dir}/f;
  uwsgi_temp_path {dir}/u; scgi_temp_path {dir}/s; server_tokens off; keepalive_timeout 75; client_max_body_size 0;
  large_client_header_buffers 8 64k; underscores_in_headers on; ignore_invalid_headers off; merge_slashes off;
  client_header_timeout 5s; client_body_timeout 5s; proxy_read_timeout 5s; lingering_close off;
  upstream recorder {{ server unix:{dir}/recorder; }}
  server {{
    listen unix:{dir}/front;
    location / {{
      proxy_pass http://recorder; proxy_http_version 1.1; proxy_set_header Host $http_host; proxy_ignore_client_abort on;
    }}
  }}
}}
"""

HAPROXY = """
global
  maxconn 256
  tune.bufsize 131072
defaults
  mode http
  timeout connect 5s
  timeout client 5s
  timeout server 5s
  option http-server-close
  http-reuse never
frontend f
  bind unix@{dir}/front
  default_backend b
backend b
  server recorder unix@{dir}/recorder
"""

PROGRAMS = {
    "nginx": ("/usr/sbin/nginx", NGINX, lambda path, file: [path, "-e", file + ".log", "-p", os.path.dirname(file), "-c", file]),
    "haproxy": ("/usr/sbin/haproxy", HAPROXY, lambda path, file: [path, "-db", "-q", "-f", file]),
}

PATIENCE = 10

# A stream that ends so is ended by the proxy, which closes after the answer; any other one by us.
SENTINEL = b"\r\nHost: sentinel\r\nConnection: close\r\n\r\n"


class Upstream:
    """One connection of the proxy to the recorder: reads, answers, remembers."""

    def __init__(self, connection):
        self.connection = connection
        self.messages = []
        self.url, self.fields, self.in_head = b"", [], True
        self.parser = httptools.HttpRequestParser(self)

    def on_message_begin(self):
        self.url, self.fields, self.in_head = b"", [], True

    def on_url(self, url):
        self.url += url

    def on_header(self, name, value):
        if self.in_head:
            self.fields.append((name, value or b""))

    def on_headers_complete(self):
        self.in_head = False
        self.messages.append(Message.request(self.parser.get_method(), self.url, b"1.1", self.fields))

    def on_body(self, body):
        self.messages[-1].body += body

    def on_message_complete(self):
        self.messages[-1].complete = True
        self.answer(b"200 OK")

    def answer(self, status):
        with contextlib.suppress(OSError):
            self.connection.sendall(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    def feed(self, data):
        if self.parser is None:
            return
        try:
            self.parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            # What was sent on is nothing that this recorder can read: no message of ours could be that.
            self.parser = None
            self.answer(b"400 Bad Request")


class Proxy:
    """A running proxy and the recorder behind it."""

    def __init__(self, name, directory):
        path, text, command = PROGRAMS[name]
        if not os.access(path, os.X_OK):
            raise SystemExit(f"{path} is not there: scripts/setup test installs it; there is no comparison without it")
        self.directory = directory
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(directory + "/recorder")
        self.listener.listen(64)
        self.listener.setblocking(False)
        file = directory + "/config"
        with open(file, "w") as out:
            out.write(text.format(dir=directory))
        self.process = subprocess.Popen(command(path, file), stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self.connect().close()
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit(f"{name} did not start")
                time.sleep(0.01)

    def connect(self):
        client = socket.socket(socket.AF_UNIX)
        client.connect(self.directory + "/front")
        return client

    def read(self, stream):
        """Sends the stream and its end, and waits until the proxy is done with it."""
        client = self.connect()
        client.setblocking(False)
        unsent = memoryview(stream.bytes)
        answers, upstreams, is_over = b"", [], False
        ends_itself = stream.bytes.endswith(SENTINEL)
        deadline = time.monotonic() + PATIENCE
        with selectors.DefaultSelector() as selector:
            selector.register(self.listener, selectors.EVENT_READ)
            selector.register(client, selectors.EVENT_READ | selectors.EVENT_WRITE)
            while True:
                ready = selector.select(0 if is_over else 0.5)
                if is_over and not ready and not any(item.connection for item in upstreams):
                    break
                if time.monotonic() > deadline:
                    raise SystemExit(f"the proxy hangs at {stream.bytes!r}")
                if not ready and not is_over and not len(unsent):
                    # It waits for more: the sentinel was swallowed.
                    finish(client)
                for key, events in ready:
                    if key.fileobj is self.listener:
                        connection = self.listener.accept()[0]
                        upstreams.append(Upstream(connection))
                        selector.register(connection, selectors.EVENT_READ, upstreams[-1])
                    elif key.fileobj is client:
                        if events & selectors.EVENT_WRITE:
                            unsent = send(client, unsent)
                            if not len(unsent):
                                selector.modify(client, selectors.EVENT_READ)
                                if not ends_itself:
                                    finish(client)
                        if events & selectors.EVENT_READ:
                            data = receive(client)
                            answers += data
                            if not data:
                                is_over = True
                                selector.unregister(client)
                    else:
                        data = receive(key.fileobj)
                        if data:
                            key.data.feed(data)
                        if not data:
                            selector.unregister(key.fileobj)
                            key.fileobj.close()
                            key.data.connection = None
        client.close()
        messages = [message for item in upstreams for message in item.messages]
        refused = any(line.startswith(b"HTTP/1.") and line[9:10] in b"45" for line in answers.split(b"\r\n"))
        return messages, REFUSED if refused else WAITING

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.listener.close()


def send(client, unsent):
    """What is left."""
    try:
        return unsent[client.send(unsent):]
    except BlockingIOError:
        return unsent
    except OSError:
        # Closed by the proxy: the rest is of no interest.
        return unsent[len(unsent):]


def finish(client):
    with contextlib.suppress(OSError):
        client.shutdown(socket.SHUT_WR)


def receive(connection):
    try:
        return connection.recv(1 << 16)
    except OSError:
        return b""


@contextlib.contextmanager
def running(names):
    """Readers by name; the proxies run while the context lasts."""
    proxies = []
    root = tempfile.mkdtemp(prefix="ork-proxies-")
    try:
        readers = {}
        for name in names:
            directory = f"{root}/{name}"
            os.mkdir(directory)
            proxy = Proxy(name, directory)
            proxies.append(proxy)
            readers[name] = (proxy.read, None)
        yield readers
    finally:
        for proxy in proxies:
            proxy.stop()
        shutil.rmtree(root, ignore_errors=True)
