"""Servers (`make dev`, `make app`, `make api`, `make tracking`): what must hold before one starts.

Belongs here: their commands, their ports, and that one Dagster works on a data folder. Does not
belong here: anything that they show.

Each would start without its page, or end in a trace, where another program has the port.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import socket
import sqlite3
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kpop_assets.errors import KpopError
from kpop_assets.lake.foreign import disk_error
from kpop_assets.models.experiment import open_tracking
from kpop_assets.operate.checkup.machine import check_folder
from kpop_assets.operate.instance import open_instance
from kpop_assets.operate.lost_runs import become_daemon
from kpop_assets.settings import Settings, load_settings

LOOPBACK = "127.0.0.1"


class PagesError(KpopError):
    """A server of pages cannot be started."""


@dataclass(frozen=True)
class Pages:
    """A server of pages.

    Attributes:
        port: where it listens by default.
        command: what Python runs, and its arguments, for a data folder, an address and a port.
        prepare: what has to be there before.
        environment: what it is given beside the environment, which has the last word.
    """

    port: int
    command: Callable[[Settings, str, int], list[str]]
    prepare: Callable[[Settings], None] = lambda settings: None
    environment: Mapping[str, str] = field(default_factory=dict)


def _dagster(settings: Settings, host: str, port: int) -> list[str]:
    return ["-m", "dagster", "dev", "-h", host, "-p", str(port), "-w", "workspace.yaml"]


def _webserver(settings: Settings, host: str, port: int) -> list[str]:
    return ["-m", "dagster_webserver", "-h", host, "-p", str(port), "-w", "workspace.yaml"]


def _daemon(settings: Settings, host: str, port: int) -> list[str]:
    return [str(Path(sys.executable).with_name("dagster-daemon")), "run", "-w", "workspace.yaml"]


def _streamlit(settings: Settings, host: str, port: int) -> list[str]:
    # By module, so that the folder of the repository is where `app` is imported from.
    where = ["--server.address", host, "--server.port", str(port)]
    # Else it asks a host outside under which address this machine is known.
    where += [] if host == LOOPBACK else ["--browser.serverAddress", "localhost"]
    return ["-m", "streamlit", "run", "app/server.py", *where]


# The allocator of Polars (jemalloc) keeps what it freed for ten seconds. On 5 M events that is a
# third of the viewer's memory.
_LEAN = {"_RJEM_MALLOC_CONF": "dirty_decay_ms:0,muzzy_decay_ms:0"}


def _api(settings: Settings, host: str, port: int) -> list[str]:
    return ["-m", "serving", "--host", host, "--port", str(port)]


def _mlflow(settings: Settings, host: str, port: int) -> list[str]:
    store = open_tracking(settings.home).uri
    where = ["--host", host, "--port", str(port)]
    return ["-m", "mlflow", "ui", *where, "--backend-store-uri", store]


def _prepare_dagster(settings: Settings) -> None:
    """Make the instance, which `dagster` itself wants to be there, and keep a second one off."""
    found = check_folder(settings)
    if found.state != "ok":
        sys.stderr.write(f"kpop: {found.text}: {found.advice}\n")
    settings.dagster_home.mkdir(parents=True, exist_ok=True)
    hold_alone(settings.dagster_home / "dev.lock", settings.home)
    _prepare_webserver(settings)
    become_daemon(settings.dagster_home)


def _prepare_webserver(settings: Settings) -> None:
    with open_instance(settings):
        pass


def _prepare_tracking(settings: Settings) -> None:
    settings.home.mkdir(parents=True, exist_ok=True)


PAGES = {
    "dev": Pages(3000, _dagster, _prepare_dagster),
    "app": Pages(8501, _streamlit, environment=_LEAN),
    "api": Pages(8000, _api, environment=_LEAN),
    "tracking": Pages(5000, _mlflow, _prepare_tracking),
}
# What `dev` is made of, for who starts each by itself (docs/deployment.md). The daemon has no page.
PARTS = {
    "webserver": Pages(3000, _webserver, _prepare_webserver),
    "daemon": Pages(0, _daemon, _prepare_dagster),
}


def hold_alone(path: Path, home: Path) -> None:
    """Hold a lock until this process ends, also as the program that it becomes.

    Raises:
        PagesError: another process holds it.
        OSError: the folder is not writable.
    """
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(lock)
        raise PagesError(
            f"another `make dev` works on {home}", "end it, or name another KPOP_HOME"
        ) from error
    os.set_inheritable(lock, True)


def check_port(port: int, host: str = LOOPBACK) -> None:
    """Raise PagesError if another program listens on a port of this machine."""
    with socket.socket() as found:
        # As servers do: a connection that has just ended does not hold a port.
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            found.bind((host, port))
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise PagesError(
                f"port {port} cannot be used ({reason})",
                "end the program that has it, or name another: make ... PORT=NUMBER",
            ) from error


def main(arguments: list[str] | None = None) -> None:
    """Check what a server needs, and become it; one line and exit code 1 where it cannot start."""
    parser = argparse.ArgumentParser(prog="python -m kpop_assets.operate.pages")
    parser.add_argument("pages", choices=[*PAGES, *PARTS])
    parser.add_argument("--host", default=LOOPBACK, help="default: loopback; for containers")
    parser.add_argument("--port", type=int, help="default: that of `make`")
    asked = parser.parse_args(arguments)
    pages = {**PAGES, **PARTS}[asked.pages]
    port = pages.port if asked.port is None else asked.port
    try:
        settings = load_settings()
        check_port(port, asked.host)
        pages.prepare(settings)
        command = [sys.executable, *pages.command(settings, asked.host, port)]
    except KpopError as error:
        sys.exit(f"kpop: {error}")
    except (OSError, sqlite3.Error) as error:
        if (trouble := disk_error(error, load_settings().home)) is None:
            raise
        sys.exit(f"kpop: {trouble}")
    for name, value in pages.environment.items():
        os.environ.setdefault(name, value)
    sys.stdout.flush()
    os.execv(sys.executable, command)  # noqa: S606 - no shell, and the words are our own


if __name__ == "__main__":
    main()
