"""Reads streams of HTTP/1.x messages with other people's parsers.

    readers.py IN OUT READER...

IN and OUT are files in the form of `frames.py`. Each reader is one of h11,
httptools (llhttp), nginx, haproxy. Every stream is read by every reader, and
its reading is written in the order of the readers.
"""

import sys

import h11
import httptools

from frames import CLOSED, REFUSED, WAITING, Message, read_streams, write_readings

# Readings must not end because of a limit of the reader's.
LARGE = 1 << 24


def h11_requests(stream):
    messages = []
    data = stream.bytes
    # Nothing given would mean the end of the connection.
    while data:
        connection = h11.Connection(h11.SERVER, max_incomplete_event_size=LARGE)
        try:
            connection.receive_data(data)
            while True:
                event = connection.next_event()
                if event is h11.NEED_DATA:
                    return messages, WAITING
                if isinstance(event, h11.Request):
                    messages.append(Message.request(event.method, event.target, event.http_version, event.headers))
                elif isinstance(event, h11.Data):
                    messages[-1].body += bytes(event.data)
                elif isinstance(event, h11.EndOfMessage):
                    messages[-1].complete = True
                    break
                else:
                    return messages, CLOSED
        except h11.RemoteProtocolError:
            return messages, REFUSED
        if connection.their_state is not h11.DONE:
            return messages, CLOSED
        data = connection.trailing_data[0]
    return messages, WAITING


def h11_responses(stream):
    messages = []
    connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=LARGE)
    connection.send(h11.Request(method=stream.method, target="/", headers=[("Host", "a")]))
    connection.send(h11.EndOfMessage())
    try:
        # The answer, then the end of the connection.
        for data in (stream.bytes, b""):
            connection.receive_data(data)
            while True:
                event = connection.next_event()
                if event is h11.NEED_DATA:
                    break
                if isinstance(event, (h11.InformationalResponse, h11.Response)):
                    messages.append(Message.response(event.status_code, event.http_version, event.headers))
                    messages[-1].complete = isinstance(event, h11.InformationalResponse)
                elif isinstance(event, h11.Data):
                    messages[-1].body += bytes(event.data)
                elif isinstance(event, h11.EndOfMessage):
                    messages[-1].complete = True
                    return messages, CLOSED
                else:
                    return messages, CLOSED
    except h11.RemoteProtocolError:
        return messages, REFUSED
    return messages, WAITING


class Collector:
    """Takes what httptools tells; a trailer is told like a field, too late."""

    def __init__(self):
        self.parser = None
        self.messages = []
        self.begin()

    def begin(self):
        self.url = b""
        self.fields = []
        self.is_in_head = True

    def on_message_begin(self):
        self.begin()

    def on_url(self, url):
        self.url += url

    def on_header(self, name, value):
        if self.is_in_head:
            self.fields.append((name, value or b""))

    def on_headers_complete(self):
        self.is_in_head = False
        version = self.parser.get_http_version().encode()
        if isinstance(self.parser, httptools.HttpRequestParser):
            message = Message.request(self.parser.get_method(), self.url, version, self.fields)
        else:
            status = self.parser.get_status_code()
            message = Message.response(status, version, self.fields)
        self.messages.append(message)

    def on_body(self, body):
        self.messages[-1].body += body

    def on_message_complete(self):
        self.messages[-1].complete = True


def httptools_reading(stream, parser_class):
    collector = Collector()
    collector.parser = parser_class(collector)
    try:
        collector.parser.feed_data(stream.bytes)
    except httptools.HttpParserUpgrade:
        return collector.messages, CLOSED
    except httptools.HttpParserError:
        return collector.messages, REFUSED
    return collector.messages, WAITING


def httptools_requests(stream):
    return httptools_reading(stream, httptools.HttpRequestParser)


def httptools_responses(stream):
    messages, state = httptools_reading(stream, httptools.HttpResponseParser)
    # httptools has no call for the end of the connection; what ends there is said by the head alone.
    if state == WAITING and messages and not messages[-1].is_framed:
        messages[-1].complete = True
    return messages, state


READERS = {
    "h11": (h11_requests, h11_responses),
    "httptools": (httptools_requests, httptools_responses),
}


def main():
    path_in, path_out, *names = sys.argv[1:]
    proxies = [name for name in names if name not in READERS]
    if proxies:
        from proxies import running

        with running(proxies) as readers:
            run(path_in, path_out, [readers.get(name) or READERS[name] for name in names])
    else:
        run(path_in, path_out, [READERS[name] for name in names])


def run(path_in, path_out, readers):
    with open(path_in, "rb") as source, open(path_out, "wb") as out:
        for stream in read_streams(source):
            for reader in readers:
                messages, state = reader[stream.is_response](stream)
                write_readings(out, messages, state)


if __name__ == "__main__":
    main()
