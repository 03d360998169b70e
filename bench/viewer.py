"""The viewer in a real browser on a large lake: seconds a page, and memory.

    python -m bench.viewer [--artists 300] [--days 400] [--events 5000000] [--home FOLDER]

Belongs here: timing pages as a visitor sees them. Does not belong here: what pages show.

*first* is the first visit of a page in a new server, with nothing in its caches; *again* the
median of five later visits, from the click in the menu to the drawn page; *new visitor* a fresh
browser session on the warm server, from the address to the drawn page.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from app.messages.catalogue import plain
from app.pages import GROUPS, PAGES, START
from bench.big_lake import Size, fill_lake
from drills.processes import ROOT, free_port
from kpop_assets.operate import pages as servers

REPEATS = 5
DONE = """() => {
  const title = document.querySelector('h1');
  const app = document.querySelector('[data-testid=stApp]');
  return title && title.innerText.trim() === TITLE
    && app.getAttribute('data-test-script-state') === 'notRunning'
    && !document.querySelector('[data-stale=true], [data-testid=stSkeleton]');
}"""


def main() -> None:
    """Make the lake if it is not there, and print the timings."""
    parser = argparse.ArgumentParser(prog="python -m bench.viewer", description=__doc__)
    parser.add_argument("--artists", type=int, default=300)
    parser.add_argument("--days", type=int, default=400)
    parser.add_argument("--events", type=int, default=5_000_000)
    parser.add_argument("--home", type=Path, help="kept and used again")
    args = parser.parse_args()
    size = Size(args.artists, args.days, args.events)
    with tempfile.TemporaryDirectory(prefix="kpop-bench-") as folder:
        home = args.home or Path(folder)
        if not (home / "lake").exists():
            fill_lake(home, size)
        print(f"{size.artists} artists x {size.days} days, {size.events:,} events, made-up rows")
        measure(home)


def measure(home: Path) -> None:
    """Print seconds by page and the server's memory."""
    with serve(home) as (address, process), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        cold = timed_opening(page, address)
        memory = [resident(process)]
        first, grown = {}, {}
        for name in PAGES:
            first[name] = timed_switch(page, name)
            grown[name] = (resident(process), peak(process))
        again: dict[str, list[float]] = {name: [] for name in PAGES}
        for _ in range(REPEATS):
            for name in PAGES:
                again[name].append(timed_switch(page, name))
        visitor = statistics.median(opening_by_new_visitor(browser, address) for _ in range(5))
        memory += [resident(process), peak(process)]
        browser.close()
    print(f"first page of a new server {cold:.2f} s, by a new visitor later {visitor:.2f} s")
    print(f"{'page':<20}{'first s':>8}{'again s':>8}{'MB then':>8}{'highest':>8}")
    for name in PAGES:
        later = statistics.median(again[name])
        print(f"{name:<20}{first[name]:>8.2f}{later:>8.2f}{grown[name][0]:>8}{grown[name][1]:>8}")
    print(f"memory of the server, MB: {memory[0]} after the first page, {memory[1]} at the end, ")
    print(f"{memory[2]} at its highest")


def timed_opening(page: Page, address: str) -> float:
    """Seconds from the address to the drawn first page."""
    started = time.perf_counter()
    page.goto(f"{address}/?lang=en")
    wait(page, START)
    return time.perf_counter() - started


def opening_by_new_visitor(browser: Browser, address: str) -> float:
    """The same in a session of its own."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    seconds = timed_opening(context.new_page(), address)
    context.close()
    return seconds


def timed_switch(page: Page, name: str) -> float:
    """Seconds from the click in the menu to the drawn page; the current page goes away first."""
    link = menu_link(page, name)
    started = time.perf_counter()
    link.click()
    wait(page, name)
    seconds = time.perf_counter() - started
    page.wait_for_timeout(200)
    return seconds


def menu_link(page: Page, name: str, lang: str = "en") -> Locator:
    """A page's link in the menu, its group unfolded."""
    menu = page.get_by_test_id("stSidebar")
    title = plain(lang, f"{name}.title")
    link = menu.get_by_test_id("stPageLink-NavLink").filter(has_text=title).first
    if not link.is_visible():
        group = next(group for group, pages in GROUPS.items() if name in pages)
        label = plain(lang, f"frame.group_{group}")
        menu.locator("summary").filter(has_text=label).first.click()
    return link


def wait(page: Page, name: str) -> None:
    """Until the page stands and nothing runs any more."""
    title = repr(plain("en", f"{name}.title"))
    page.wait_for_function(DONE.replace("TITLE", title), timeout=60_000, polling=20)


def resident(process: subprocess.Popen[bytes]) -> int:
    """Resident memory of the server in MB."""
    return psutil.Process(process.pid).memory_info().rss // 1_000_000


def peak(process: subprocess.Popen[bytes]) -> int:
    """Highest resident memory of the server so far in MB, as Linux keeps it."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024 // 1_000_000


@contextmanager
def serve(home: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The viewer on a data folder: its address and process."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app" / "server.py")]
    process = subprocess.Popen(
        [*command, "--server.headless", "true", "--server.port", str(port)],
        cwd=ROOT,
        env={**os.environ, **servers.PAGES["app"].environment, "KPOP_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"{address}/_stcore/health").read()
                break
            except OSError:
                time.sleep(0.1)
        yield address, process
    finally:
        process.terminate()
        process.wait(20)


if __name__ == "__main__":
    main()
