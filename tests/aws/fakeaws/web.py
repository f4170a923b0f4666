"""HTTP/1.1 on a loopback port: a thread for each connection, which stays open, and answers that can go wrong on the way."""

import itertools
import select
import socket
import socketserver
import struct
import threading
import time
from email.utils import formatdate
from http.client import responses

MOST_HEADER_LINES = 200
MOST_LINE_BYTES = 65536
CHUNK = 65536


class Request:
    """A request as it came over the wire."""

    def __init__(self, method, target, headers, body, connection):
        self.method, self.target, self.headers, self.body, self.connection = method, target, headers, body, connection
        self.path, _, self.query = target.partition("?")
        self.lower = {}
        for name, value in headers:
            self.lower[name.lower()] = value

    def header(self, name, default=None):
        return self.lower.get(name, default)


class BadRequest(Exception):
    pass


class Connection(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True
    rbufsize = 65536
    numbers = itertools.count(1)

    def handle(self):
        self.number = next(self.numbers)
        try:
            while self._serve_one():
                pass
        except BadRequest as wrong:
            head = f"HTTP/1.1 400 Bad Request\r\nContent-Length: {len(str(wrong))}\r\nConnection: close\r\n\r\n"
            self._send_bytes((head + str(wrong)).encode())
        except (ConnectionError, TimeoutError, OSError):
            pass  # the client went away, or a fault made us go

    def _line(self):
        line = self.rfile.readline(MOST_LINE_BYTES)
        if line and not line.endswith(b"\n"):
            raise BadRequest("a line without end")
        return line.rstrip(b"\r\n").decode("latin-1")

    def _read(self):
        first = self._line()
        if not first:
            return None
        try:
            method, target, version = first.split(" ")
        except ValueError:
            raise BadRequest("no request line") from None
        headers = []
        while line := self._line():
            name, colon, value = line.partition(":")
            if not colon or len(headers) > MOST_HEADER_LINES:
                raise BadRequest("no header line")
            headers.append((name, value.strip()))
        request = Request(method, target, headers, b"", self.number)
        if request.header("expect", "").lower() == "100-continue":
            self._send_bytes(b"HTTP/1.1 100 Continue\r\n\r\n")
        if request.header("transfer-encoding", "").lower() == "chunked":
            request.body = self._read_chunks()
        else:
            request.body = self.rfile.read(int(request.header("content-length", "0")))
        request.keep = version == "HTTP/1.1" and request.header("connection", "").lower() != "close"
        return request

    def _read_chunks(self):
        parts = []
        while size := int(self._line().split(";")[0], 16):
            parts.append(self.rfile.read(size))
            self._line()
        while self._line():
            pass
        return b"".join(parts)

    def _serve_one(self):
        request = self._read()
        if request is None:
            return False
        answer = self.server.app(request)
        transport = answer.transport
        if transport.get("kind") == "reset":
            return self._reset()
        if transport.get("kind") == "hang":
            return self._hang()
        head = self._head(request, answer)
        body = b"" if request.method == "HEAD" else answer.body
        if transport.get("kind") == "cut":
            self._send_bytes(head + body[: int(len(body) * transport["keep"])])
            return False
        if transport.get("bytes_per_second"):
            self._send_bytes(head)
            self._trickle(body, transport["bytes_per_second"])
        else:
            self._send_bytes(head + body)
        return request.keep

    def _head(self, request, answer):
        lines = [f"HTTP/1.1 {answer.status} {responses.get(answer.status, 'Unknown')}"]
        names = {name.lower() for name, _ in answer.headers}
        stamp = formatdate(time.time() + self.server.clock_offset(), usegmt=True)
        for name, value in (("x-amzn-RequestId", self.server.request_id()), ("Content-Type", answer.content_type),
                            ("Date", stamp)):
            if name.lower() not in names:
                lines.append(f"{name}: {value}")
        lines += [f"{name}: {value}" for name, value in answer.headers]
        lines.append(f"Content-Length: {len(answer.body)}")
        if not request.keep:
            lines.append("Connection: close")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def _send_bytes(self, data):
        self.connection.sendall(data)

    def _reset(self):
        """Closes with RST, as a load balancer that lost the other end does."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.rfile.close()  # holds the socket open
        self.connection.close()
        return False

    def _hang(self):
        """Says nothing until the client gives up or the server stops."""
        while not self.server.stopping.wait(0.02):
            readable, _, _ = select.select([self.connection], [], [], 0)
            if readable and not self.connection.recv(1, socket.MSG_PEEK):
                break
        return False

    def _trickle(self, body, rate):
        step = max(1, rate // 20)
        for start in range(0, len(body), step):
            self._send_bytes(body[start:start + step])
            if self.server.stopping.wait(step / rate):
                return


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 1024

    def __init__(self, address, app, clock_offset, request_id, tls=None):
        self.app, self.clock_offset, self.request_id, self.tls = app, clock_offset, request_id, tls
        self.stopping = threading.Event()
        super().__init__(address, Connection)

    def get_request(self):
        connection, peer = super().get_request()
        if self.tls:
            connection = self.tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        return connection, peer

    def shutdown_request(self, request):
        # A graceful shutdown first would turn a reset into an ordinary end.
        if request.fileno() < 0:
            return
        super().shutdown_request(request)

    def handle_error(self, request, client_address):
        pass  # handle() lets only what concerns one connection through

    def stop(self):
        self.stopping.set()
        self.shutdown()
        self.server_close()
