"""A server that speaks as much of Redis as a cache needs, on loopback, and may fall silent.

Belongs here: its protocol and faults. Does not belong here: a test.
"""

from __future__ import annotations

import socketserver
import threading
import time
from types import TracebackType


class SmallRedis:
    """Keeps texts in memory; a context over a free port.

    Attributes:
        kept: what was set, and for how many seconds.
        silent_seconds: how long it waits with every answer.
    """

    def __init__(self) -> None:
        self.kept: dict[bytes, tuple[bytes, int]] = {}
        self.silent_seconds = 0.0
        told = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                while (head := self.rfile.readline()).startswith(b"*"):
                    words = []
                    for _ in range(int(head[1:])):
                        size = int(self.rfile.readline()[1:])
                        words.append(self.rfile.read(size + 2)[:-2])
                    time.sleep(told.silent_seconds)
                    self.wfile.write(told.answer(words))

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        """Where it is."""
        return f"redis://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> SmallRedis:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def answer(self, words: list[bytes]) -> bytes:
        """What a command is answered."""
        name, *rest = words
        if name == b"GET":
            found = self.kept.get(rest[0])
            return b"_\r\n" if found is None else b"$%d\r\n%s\r\n" % (len(found[0]), found[0])
        if name == b"SET":
            seconds = dict(zip(rest[2::2], rest[3::2], strict=False)).get(b"EX", b"0")
            self.kept[rest[0]] = (rest[1], int(seconds))
        elif name == b"HELLO":
            return b"%1\r\n$5\r\nproto\r\n:3\r\n"
        return b"+OK\r\n"
