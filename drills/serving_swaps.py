"""Bundles that take each other's place under a running API, and whether they arrive.

Belongs here: making a bundle of another version, and waiting until every worker answers by it. Does
not belong here: requests that come meanwhile (serving_load.py), or other faults
(serving_faults.py).
"""

from __future__ import annotations

import shutil
import time
from dataclasses import replace
from pathlib import Path

import httpx

from drills.serving_load import Load
from drills.serving_process import Service
from kpop_assets.recommend.bundle.bundle_files import replace_durably
from kpop_assets.recommend.matrices.bundle_parts import CURRENT, MANIFEST, read_manifest

_ASK_SECONDS = 0.05


def swap(root: Path, origin: Path, number: int) -> str:
    """Let a bundle of another version answer, remove the one before the last; its name.

    It has the files of a bundle and a manifest of its own: no list kept before is one of it.
    """
    day = origin.name[:10]
    name = f"{day}-swap{number:04}"
    shutil.copytree(origin, root / name)
    manifest = replace(read_manifest(origin), model=f"swap {number}")
    replace_durably(root / name / MANIFEST, manifest.text().encode())
    replace_durably(root / CURRENT, f"{name}\n".encode())
    shutil.rmtree(root / f"{day}-swap{number - 2:04}", ignore_errors=True)
    return name


def until_named(service: Service, name: str, most_seconds: float) -> float | None:
    """The seconds until as many workers as there shall be name a bundle; None where they do not."""
    began = time.monotonic()
    named: set[int | None] = set()
    while (seconds := time.monotonic() - began) < most_seconds:
        there = {worker.pid for worker in service.workers()}
        if len(there) >= service.worker_count and there <= named:
            return seconds
        try:
            worker, model = service.told_model()
        except httpx.TransportError:
            continue
        if model == name:
            named.add(worker)
        time.sleep(_ASK_SECONDS)
    return None


def verdict_of_swaps(
    times: int, waits: list[float], load: Load, begun: int = 0
) -> tuple[bool, str]:
    """Whether each bundle arrived, every request was answered, and by the model.

    Args:
        times: how many were swapped.
        waits: the seconds until every worker named one, of those that arrived.
        load: what came meanwhile.
        begun: how many processes began meanwhile.
    """
    # The first caches are empty, too.
    is_by_model = load.tally.is_by_model(1 + times + begun, load.seconds)
    is_good = len(waits) == times > 0 and load.tally.is_whole and is_by_model
    told = f"{len(waits)} of {times} bundles named by every worker, the slowest after "
    return is_good, f"{told}{max(waits, default=0.0):.1f} s: {load.tally}"
