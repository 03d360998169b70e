"""Check-up of the machine: disk, engine, time zones.

Belongs here: what the product needs of the computer it runs on. Does not belong here: its data
(data.py) and services (accounts.py).
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pyspark.errors import PySparkException

from kpop_assets.days import TIME_ZONE
from kpop_assets.engine.session import EngineError, open_session
from kpop_assets.lake.foreign import first_line
from kpop_assets.lake.plain import nearest_there
from kpop_assets.operate.checkup.finding import Finding
from kpop_assets.settings import Settings

LEAST_FREE_BYTES = 2_000_000_000
LEAST_FREE_SHARE = 0.1
# Below this the next run fails.
NO_SPACE_BYTES = 200_000_000
MOUNTS = Path("/proc/self/mounts")
# Servers of files as Linux calls them; what locks do there depends on server and mount.
_NETWORK = frozenset(
    {"9p", "afs", "ceph", "cifs", "fuse.glusterfs", "fuse.s3fs", "fuse.sshfs", "nfs", "nfs4"}
    | {"lustre", "smb3", "smbfs", "vboxsf"}
)
ZONES = (TIME_ZONE, "America/Los_Angeles")


def check_disk(settings: Settings, usage: Callable[[Path], Any] = shutil.disk_usage) -> Finding:
    """Free space against limits and the size of the lake; `usage` is `shutil.disk_usage`."""
    place = settings.home
    while not place.exists():
        place = place.parent
    disk, lake = usage(place), settings.lake
    size = folder_bytes(lake) if isinstance(lake, Path) else 0
    told = f"has {_gb(size)}" if isinstance(lake, Path) else f"is {lake}"
    text = f"{_gb(disk.free)} free of {_gb(disk.total)}; the lake {told}"
    if disk.free < NO_SPACE_BYTES:
        return Finding("disk", "problem", text, f"free some: {settings.home} takes no new day")
    if disk.free < max(LEAST_FREE_BYTES, LEAST_FREE_SHARE * disk.total):
        return Finding("disk", "warning", text, "free some before it fills")
    if disk.free < size:
        return Finding("disk", "warning", text, "free some: rewriting tables needs their size")
    return Finding("disk", "ok", text)


def check_folder(settings: Settings, mounts: Path = MOUNTS) -> Finding:
    """The data folder is ours, on a disk of this machine; `mounts` is Linux's list of mounts."""
    there = nearest_there(settings.home)
    if not os.access(there, os.W_OK):
        text = f"{there} is not writable: it belongs to {_owner(there)}"
        return Finding("folder", "problem", text, "run as its owner, or name another KPOP_HOME")
    kind = _file_system(settings.home.resolve(), mounts)
    if kind in _NETWORK:
        text = f"{settings.home} is on a network folder ({kind}): locks do not keep machines apart"
        advice = "work on it from one machine, or set KPOP_LAKE_URL and KPOP_DAGSTER_DB"
        return Finding("folder", "warning", text, advice)
    return Finding("folder", "ok", f"{settings.home}")


def _owner(path: Path) -> str:
    try:
        return path.owner()
    except KeyError:
        return f"user {path.stat().st_uid}"


def _file_system(path: Path, mounts: Path) -> str:
    """The kind of file system that a path is on; empty where nobody says it."""
    if not mounts.is_file():
        return ""
    kinds = {}
    for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
        # Blanks of a path stand as \040.
        _, where, kind, *_ = line.split(" ")
        kinds[re.sub(r"\\(\d{3})", lambda sign: chr(int(sign[1], 8)), where)] = kind
    above = (str(one) for one in (path, *path.parents))
    return next((kinds[one] for one in above if one in kinds), "")


def folder_bytes(folder: Path) -> int:
    """Size of all files below a folder; 0 where there is none."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except FileNotFoundError:
            # A run that is at work may remove what it staged.
            continue
    return total


def _gb(size: float) -> str:
    return f"{size / 1e9:,.1f} GB"


def check_engine(settings: Settings, open_: Callable[[Settings], Any] = open_session) -> Finding:
    """The configured engine starts and answers; `open_` opens its session."""
    try:
        rows = open_(settings).sql("SELECT 1 AS one").collect()
    except EngineError as error:
        return Finding("engine", "problem", str(error), "or set KPOP_ENGINE to another one")
    except ImportError as error:
        name = f"{settings.engine} lacks a package: {error}"
        return Finding("engine", "problem", name, "run `make install`")
    except (PySparkException, OSError, RuntimeError) as error:
        line = first_line(error)
        advice = "try KPOP_ENGINE=sail" if settings.engine != "sail" else "run `make install`"
        return Finding("engine", "problem", f"{settings.engine} does not start: {line}", advice)
    if len(rows) != 1:
        return Finding("engine", "problem", f"{settings.engine} answers nonsense", "run it anew")
    return Finding("engine", "ok", f"{settings.engine} starts and answers")


def check_zones(names: tuple[str, ...] = ZONES) -> Finding:
    """Days of Seoul and of the Pacific coast can be told."""
    missing = []
    for name in names:
        try:
            ZoneInfo(name)
        except ZoneInfoNotFoundError:
            missing.append(name)
    if missing:
        return Finding(
            "time zones", "problem", f"no data of {', '.join(missing)}", "install package tzdata"
        )
    return Finding("time zones", "ok", ", ".join(names))
