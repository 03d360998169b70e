"""Clients that open a connection for each request, while the API comes to its end.

Belongs here: such clients and the account of what became of their requests. Does not belong here:
the API's processes (serving_process.py).
"""

from __future__ import annotations

import socket
import threading
from collections import Counter

from drills.hostile import read_answer, request

CONNECT_SECONDS = 0.5
ANSWER_SECONDS = 15.0
# Nobody let these in: who asks again elsewhere, or later, has lost nothing.
_OUTSIDE = (ConnectionRefusedError, TimeoutError)


class Callers:
    """Some clients, each with its next request as soon as the last is over.

    Args:
        port: of loopback.
        count: how many there are.
        path: what they ask for.
    """

    def __init__(self, port: int, count: int = 8, path: str = "/healthz") -> None:
        self._told: list[str] = []
        self._port, self._request = port, request(path).encode()
        self._is_over = threading.Event()
        self._threads = [threading.Thread(target=self._call, daemon=True) for _ in range(count)]

    def __enter__(self) -> Callers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    @property
    def outcomes(self) -> Counter[str]:
        """Requests by what became of them: answered, outside (not let in) or lost."""
        return Counter(self._told)

    def _call(self) -> None:
        while not self._is_over.is_set():
            self._told.append(self._one())

    def _one(self) -> str:
        try:
            connection = socket.create_connection(("127.0.0.1", self._port), CONNECT_SECONDS)
        except _OUTSIDE:
            self._is_over.wait(0.01)
            return "outside"
        with connection:
            connection.settimeout(ANSWER_SECONDS)
            try:
                connection.sendall(self._request)
                status, _, _ = read_answer(connection)
            except OSError:
                return "lost"
        return "answered" if status == 200 else "lost"
