"""Receivers of notices on loopback: a web server and a mail server that do as they are told.

Belongs here: the servers. Does not belong here: any assertion.
"""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar

Server = TypeVar("Server", bound=socketserver.TCPServer)


class WebReceiver(ThreadingHTTPServer):
    """Keeps the JSON bodies it was sent; answers the next of `answers`, or 204."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _WebHandler)
        self.bodies: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.answers: list[int] = []


class _WebHandler(BaseHTTPRequestHandler):
    server: WebReceiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.paths.append(self.path)
        code = self.server.answers.pop(0) if self.server.answers else 204
        if code == 0:  # cut
            self.connection.close()
            return
        if code < 300:
            self.server.bodies.append(json.loads(body))
        self.send_response(code)
        if 300 <= code < 400:
            self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


class MailReceiver(socketserver.ThreadingTCPServer):
    """Speaks as much SMTP as smtplib needs; refuses the password `wrong`."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _MailHandler)
        self.mails: list[str] = []
        self.logins: list[str] = []
        self.is_refusing = False


class _MailHandler(socketserver.StreamRequestHandler):
    server: MailReceiver

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self.say("220 loopback")
        for raw in self.rfile:
            line = raw.decode().strip()
            verb = line.split(" ")[0].upper()
            if verb == "EHLO":
                self.say("250-loopback\r\n250-AUTH PLAIN\r\n250 8BITMIME")
            elif verb == "AUTH":
                self.server.logins.append(line)
                # PLAIN of user `me`, password `wrong`.
                is_wrong = line.endswith("AG1lAHdyb25n")
                self.say("535 no" if is_wrong else "235 yes")
            elif verb == "RCPT" and self.server.is_refusing:
                self.say("550 who is that")
            elif verb == "DATA":
                self.say("354 go on")
                self.server.mails.append("".join(self.message()))
                self.say("250 taken")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 fine")

    def message(self) -> Iterator[str]:
        for raw in self.rfile:
            if raw == b".\r\n":
                return
            yield raw.decode()


@contextmanager
def serving(server: Server) -> Iterator[Server]:
    """Run a server in a thread until the end of the block."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
