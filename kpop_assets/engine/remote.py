"""Sessions of a Spark Connect server: Sail's inside this process, or one that stands elsewhere.

Belongs here: how such a session is opened, asked whether it is still ours, and opened anew. Does
not belong here: which engine is configured (session.py), or what an engine's words mean
(lake/foreign.py).

A server ends sessions that it does not hear of for some time (Sail after 15 minutes, Spark after an
hour), and one that was restarted knows none. Each time the session is wanted, the server is asked
whether it still has the one that we set up: a restarted Sail answers for it, but with its own
settings. While a step is at work, and may hold a frame, the server hears of it (`keep_alive`). That
opens nothing and covers up nothing: what has ended stays so until it is wanted, and frames of it
fail.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any, cast
from urllib.parse import urlsplit

import pyarrow as pa
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession
from pyspark.sql.connect.session import SparkSession as ConnectSession

from kpop_assets.lake.errors import EngineError
from kpop_assets.lake.exchange import PARTS
from kpop_assets.lake.foreign import first_line

# Same meaning on every engine: timestamps are UTC, and a bad cast is an error. Sail 0.7 wraps a
# 64-bit overflow all the same, so bronze bounds the counters (bronze/parse.py, MAX_COUNT).
SHARED_CONF = {"spark.sql.session.timeZone": "UTC", "spark.sql.ansi.enabled": "true"}
DEFAULT_CONNECT_PORT = 15002

# A setting that means nothing to an engine: the server's session is ours if it has our value.
_MARK = "spark.kpop.session"
# Sail's own, in seconds. Inside this process a session serves nobody else and goes with it; what
# runs tells of itself well before.
_TIMEOUT, _TIMEOUT_SECONDS = "SAIL_SPARK__SESSION_TIMEOUT_SECS", 365 * 24 * 3600
# From one word of a step to the next: shorter than any server waits, and a word takes 0.3 ms.
_WORD_SECONDS = 0.5
_HEARTBEAT, _HEARTBEAT_SECONDS = "SAIL_SPARK__EXECUTION_HEARTBEAT_INTERVAL_SECS", 15


class Remote:
    """The one session of this process at a server, whichever thread asks for it.

    Args:
        url: `sc://host:port`, with whatever the server wants to know behind it.
        advice: what to do where nobody answers.
        conf: settings of the session, beside those that every engine gets.
    """

    def __init__(self, url: str, advice: str, conf: Mapping[str, str] | None = None) -> None:
        self._url, self._advice, self._conf = url, advice, conf or {}
        self._lock = threading.Lock()
        self._mark = ""
        self._session: ConnectSession | None = None

    def session(self) -> SparkSession:
        """The session, opened anew where the server has ended it; frames of before end with it.

        Raises:
            EngineError: the server does not answer, or gives no session.
        """
        with self._lock:
            try:
                # PySpark by itself would try for ten minutes.
                place = check_reachable(self._url, self._advice)
            except EngineError:
                self._drop()
                raise
            if self._session is not None and not self._is_ours(self._session):
                self._drop()
            if self._session is None:
                try:
                    self._session = self._open()
                except PySparkException as error:
                    said = f"the engine at {place} gives no session: {first_line(error)}"
                    raise EngineError(said, self._advice) from error
            return cast(SparkSession, self._session)

    def _drop(self) -> None:
        """Forget a session that the server has not any more.

        PySpark would hand it on to whatever asks for the active one, and ask a server that is gone
        to release it, for minutes at the end of the process.
        """
        if self._session is not None:
            self._session.release_session_on_close = False
            self._session.stop()
            self._session = None

    def _is_ours(self, session: ConnectSession) -> bool:
        if session.is_stopped:
            return False
        with suppress(PySparkException):
            return session.conf.get(_MARK, "") == self._mark
        return False

    def _open(self) -> ConnectSession:
        # What fails is raised here; PySpark would print the same as JSON, line after line.
        logging.getLogger("pyspark.sql.connect.logging").setLevel(logging.CRITICAL)
        self._mark = uuid.uuid4().hex
        session = cast(ConnectSession, SparkSession.builder.remote(self._url).create())
        for key, value in {**SHARED_CONF, **self._conf, _MARK: self._mark}.items():
            session.conf.set(key, value)
        return session


@contextmanager
def keep_alive(opened: Callable[[], SparkSession | None]) -> Iterator[None]:
    """Let the server hear of the session inside the block, whichever there is at the time."""
    is_over = threading.Event()

    def speak() -> None:
        while not is_over.wait(_WORD_SECONDS):
            session = opened()
            if session is not None:
                # Whoever works with it is told by the engine itself.
                with suppress(PySparkException):
                    session.conf.get(_MARK, "")

    # Not waited for at the end: PySpark asks a server that is gone for minutes.
    threading.Thread(target=speak, name="engine-session", daemon=True).start()
    try:
        yield
    finally:
        is_over.set()


def ends_idle_sessions(engine: str) -> bool:
    """Whether the engine ends sessions within the time of a step."""
    if engine == "sail":
        return _sail_timeout() != str(_TIMEOUT_SECONDS)
    return engine == "connect"


@cache
def remote(url: str) -> Remote:
    """The session at a server that stands elsewhere."""
    return Remote(url, "start it, or mend KPOP_CONNECT_URL")


@cache
def embedded() -> Remote:
    """The session at Sail's server inside this process, which is kept until it ends."""
    _, port = _sail_server().listening_address
    # It has this process's cores, and works on all parts of a step at once.
    parts = {PARTS: str(os.cpu_count() or 1)}
    return Remote(f"sc://127.0.0.1:{port}", "run again", parts)


@cache
def _sail_server() -> Any:
    # Sail's allocator gives back to the machine what it does not need after so many milliseconds,
    # and Arrow's, which has its own, at once: 200 MB less a million events, at 2 % of the time.
    os.environ.setdefault("MIMALLOC_PURGE_DELAY", "1")
    pa.set_memory_pool(pa.system_memory_pool())
    from pysail.spark import SparkConnectServer

    # Its start and stop lines say nothing a reader of our output needs.
    os.environ.setdefault("RUST_LOG", "error")
    timeout = _sail_timeout()
    if timeout.isdecimal():
        often = max(1, min(_HEARTBEAT_SECONDS, int(timeout) // 2))
        os.environ.setdefault(_HEARTBEAT, str(often))
    server = SparkConnectServer(ip="127.0.0.1", port=0)
    server.start(background=True)
    return server


def _sail_timeout() -> str:
    """What is set from outside, or else our own from here on."""
    return os.environ.setdefault(_TIMEOUT, str(_TIMEOUT_SECONDS))


def check_reachable(url: str, advice: str) -> str:
    """Host and port of a server that listens; EngineError if nobody does."""
    # What follows the port may hold a token, so only host and port are named.
    place = urlsplit(url)
    host, port = place.hostname or "localhost", place.port or DEFAULT_CONNECT_PORT
    try:
        socket.create_connection((host, port), timeout=5).close()
    except OSError as error:
        raise EngineError(
            f"no Spark Connect server answers at {host}:{port} ({error})", advice
        ) from error
    return f"{host}:{port}"
