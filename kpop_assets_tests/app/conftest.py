"""Data folders that the viewer is opened on, and the viewer itself.

The full one is made by the product's own demo, so that pages are tested on what they will read.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from streamlit.testing.v1 import AppTest

from app.pages import file_of
from app.snapshot import Snapshot
from bench.viewer import serve
from kpop_assets.settings import Settings
from kpop_assets_tests.app.chromium import OpenAt, launched, watched
from kpop_assets_tests.demo import END, simulate

MAIN = Path(__file__).parents[2] / "app" / "main.py"


@pytest.fixture(scope="session")
def one_day_home(filled_once: Callable[..., Path]) -> Path:
    """One simulated day; tests only read it."""
    return filled_once("one", lambda home: simulate(home, 1, 200, END))


@pytest.fixture
def full(full_home: Path) -> Snapshot:
    """The full lake as a page sees it."""
    return Snapshot(Settings(home=full_home))


@pytest.fixture
def one_day(one_day_home: Path) -> Snapshot:
    """The lake of one day as a page sees it."""
    return Snapshot(Settings(home=one_day_home))


OpenPage = Callable[..., AppTest]


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> OpenPage:
    """Opens a page of the viewer on a data folder, as `open_page(home, page, lang, **query)`."""

    def open_it(home: Path, page: str, lang: str = "en", **query: str) -> AppTest:
        # MLflow 3.17.2 declares its tables in a way that
        # SQLAlchemy 2.1 gives up; it can go with an MLflow that does not.
        warnings.filterwarnings("ignore", "The ``noload`` loader strategy is deprecated")
        monkeypatch.setenv("KPOP_HOME", str(home))
        test = AppTest.from_file(str(MAIN), default_timeout=60)
        test.session_state["lang"] = lang
        test.run()
        test.switch_page(file_of(page))
        for name, value in query.items():
            test.query_params[name] = value
        test.run()
        assert not test.exception, test.exception
        return test

    return open_it


@pytest.fixture(scope="session")
def viewer(full_home: Path) -> Iterator[str]:
    """Address of a server of the full lake, one for all modules of a process."""
    with serve(full_home) as (address, _):
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real browser, of the modules that ask for one."""
    with launched() as opened:
        yield opened


@pytest.fixture
def open_at(browser: Browser) -> Iterator[OpenAt]:
    """Opens an address of the viewer; see `watched`."""
    with watched(browser) as open_it:
        yield open_it
