"""A PostgreSQL server of one's own, from Debian's package, for as long as a block runs.

Belongs here: making, starting and ending it in a temporary folder, reached by a socket there alone.
Does not belong here: what is kept in it.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Debian keeps the server's programs out of PATH.
_BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


def find_binaries() -> Path | None:
    """The folder of the newest server installed, if there is one."""
    return _BINARIES[-1] if _BINARIES else None


@contextmanager
def running_postgres(is_durable: bool = True) -> Iterator[str]:
    """The address of an empty database; server and data are gone after the block.

    Args:
        is_durable: False writes without waiting for the disk, as only a test may.

    Raises:
        RuntimeError: no server is installed.
    """
    programs = find_binaries()
    if programs is None:
        raise RuntimeError("PostgreSQL is not installed: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="kpop-pg-"))
    try:
        if owner := _owner():
            shutil.chown(folder, owner)
        _run(programs / "initdb", "-D", folder / "data", "-U", "kpop", "-A", "trust", "-N")
        options = f"-c listen_addresses= -k {folder} -c fsync={'on' if is_durable else 'off'}"
        control = (programs / "pg_ctl", "-D", folder / "data", "-w", "-s")
        _run(*control, "-o", options, "-l", folder / "log", "start")
        try:
            yield f"postgresql+psycopg2://kpop@/postgres?host={folder}"
        finally:
            _run(*control, "-m", "fast", "stop")
    finally:
        shutil.rmtree(folder)


def _owner() -> str | None:
    """The server refuses root: then it runs as the package's user."""
    if os.getuid() != 0:
        return None
    names = {user.pw_name for user in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _run(*command: str | Path) -> None:
    output = subprocess.DEVNULL
    subprocess.run(command, check=True, user=_owner(), stdout=output, cwd="/", timeout=60)
