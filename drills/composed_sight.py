"""What a composed system shows, and what it holds: pages, lists, answers, files and tables.

Belongs here: looking from outside. Does not belong here: starting or killing (composed.py).
"""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import httpx
from deltalake import DeltaTable
from playwright.sync_api import sync_playwright

from kpop_assets.lake.log import data_files

# Whoever runs for so long has not ended at once.
_RUNS_SECONDS = 5.0
_LISTENERS = 10
# Each goes to one of the API's processes by chance, so that one alone answers all of them once in
# two thousand times.
_ASKED_TIMES = 12


def show_simulated(ranking: str, viewer: str) -> None:
    """Hold that API and viewer show simulated data.

    Args:
        ranking: address of the list that is asked for.
        viewer: address of the viewer.

    Raises:
        SystemExit: one does not.
    """
    answer = httpx.get(ranking, timeout=60).raise_for_status().json()
    if not answer["rows"] or not answer["is_simulated"]:
        raise SystemExit(f"the API shows no simulated ranking: {answer}")
    first = answer["rows"][0]["artist"]
    if first not in page_text(f"{viewer}/board?lang=en", first):
        raise SystemExit(f"the viewer's board does not show {first}")


def page_text(address: str, awaited: str) -> str:
    """What a page shows in a browser, once a text is on it or its time is over."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(address)
        page.get_by_text(awaited).first.wait_for(timeout=90_000)
        text = page.inner_text("body")
        browser.close()
    if "SIMULATED" not in text.upper():
        raise SystemExit("the viewer does not say that its data is simulated")
    return text


def lists_from_redis(api: str, name: str) -> tuple[int, int, int]:
    """How many of ten listeners got a list that another process had left in Redis.

    Args:
        api: the API's address.
        name: of the listeners; another one each time, since no process has a list of theirs yet.

    Returns:
        Also how often the API was asked, and how often it answered well.
    """
    shared = asked = answered = 0
    for listener in range(_LISTENERS):
        body = {"user_id": f"{name} {listener}", "n": 10, "context": {"hour": 21}}
        for _ in range(_ASKED_TIMES):
            asked += 1
            # A connection of its own: one that is kept has one process answer.
            answer = httpx.post(f"{api}/v1/recommendations", json=body, timeout=10)
            answered += answer.is_success
            if answer.is_success and answer.json()["cache"] == "redis":
                shared += 1
                break
    return shared, asked, answered


def runs_on(pid: Callable[[], int | None]) -> bool:
    """Whether a process that cannot be asked is there, and still the same a while later."""
    before = pid()
    time.sleep(_RUNS_SECONDS)
    return before is not None and before == pid()


def account(home: Path) -> dict[str, str | int]:
    """Every landing file with its digest, every table with its rows."""
    found: dict[str, str | int] = {}
    for path in sorted((home / "landing").rglob("*.json")):
        if path.is_file() and "/." not in str(path):
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            found[str(path.relative_to(home))] = digest
    for log in sorted((home / "lake").glob("*/*/_delta_log")):
        rows = int(data_files(DeltaTable(str(log.parent)))["row_count"].sum())
        found[str(log.parent.relative_to(home))] = rows
    return found


def losses(before: dict[str, str | int], after: dict[str, str | int]) -> list[str]:
    """What is gone, differs or has fewer rows: what runs by itself may have added some."""
    lost = []
    for name, was in before.items():
        now = after.get(name)
        if isinstance(was, int):
            if not isinstance(now, int) or now < was:
                lost.append(f"{name}: {was} rows, now {now}")
        elif now != was:
            lost.append(f"{name} is gone or differs")
    return lost
