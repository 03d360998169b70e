"""`make dev`, `make app` and `make tracking` where they cannot start: one line, exit code 1."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from drills.processes import free_port
from kpop_assets.operate.pages import PAGES, PARTS, PagesError, check_port, hold_alone, main
from kpop_assets.settings import Settings

ROOT = Path(__file__).parents[2]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "데이터 100%"
    monkeypatch.setenv("KPOP_HOME", str(folder))
    monkeypatch.setenv("DAGSTER_HOME", "")
    return folder


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which another program listens."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that this process would have become."""
    commands: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda path, words: commands.append(words))
    return commands


@pytest.mark.parametrize("name", PAGES)
def test_a_port_that_another_program_has_is_one_line_and_nothing_is_made(
    name: str, home: Path, taken: int, started: list[list[str]]
):
    with pytest.raises(SystemExit) as ended:
        main([name, "--port", str(taken)])
    assert str(ended.value.code).startswith(f"kpop: port {taken} cannot be used (Address already")
    assert "PORT=" in str(ended.value.code)
    assert not home.exists() and not started


def test_a_port_that_is_none_is_one_line():
    with pytest.raises(PagesError, match="port 70000 cannot be used"):
        check_port(70000)


@pytest.mark.parametrize("name", PAGES)
def test_on_a_free_port_the_server_is_started_there(
    name: str, home: Path, taken: int, started: list[list[str]]
):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    main([name, "--port", str(port)])
    ((python, module, program, *words),) = started
    assert (python, module) == (sys.executable, "-m")
    assert program in ("dagster", "streamlit", "mlflow", "serving")
    assert str(port) in words


def test_the_viewer_gives_memory_back_unless_the_environment_says_otherwise(
    home: Path, started: list[list[str]], monkeypatch: pytest.MonkeyPatch
):
    (name,) = PAGES["app"].environment
    monkeypatch.delenv(name, raising=False)
    port = str(free_port())
    main(["app", "--port", port])
    assert os.environ[name] == PAGES["app"].environment[name]
    monkeypatch.setenv(name, "narenas:1")
    main(["app", "--port", port])
    assert os.environ[name] == "narenas:1" and len(started) == 2


def test_a_second_make_dev_on_a_home_is_one_line_as_long_as_the_first_runs(
    home: Path, started: list[list[str]]
):
    home.mkdir()
    lock = home / "dagster" / "dev.lock"
    lock.parent.mkdir()
    code = f"""
import os, pathlib, sys
from kpop_assets.operate.pages import hold_alone
hold_alone(pathlib.Path({str(lock)!r}), pathlib.Path("."))
# As `make dev`: it becomes the server, which holds the lock on.
os.execv(sys.executable, [sys.executable, "-c", "print('up', flush=True); input()"])
"""
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as first:
        assert first.stdout and first.stdout.readline() == b"up\n"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        with pytest.raises(SystemExit) as ended:
            main(["dev", "--port", str(port)])
        assert str(ended.value.code) == (
            f"kpop: another `make dev` works on {home}: end it, or name another KPOP_HOME"
        )
        first.kill()
    hold_alone(lock, home)
    assert not started


def test_what_no_home_can_be_is_one_line(home: Path, started: list[list[str]]):
    home.write_text("a file")
    with pytest.raises(SystemExit, match="cannot be a folder"):
        main(["app", "--port", "0"])
    assert not started


def test_the_store_of_models_has_an_address_whatever_the_folders_name(tmp_path: Path):
    words = PAGES["tracking"].command(Settings(home=tmp_path / "a?b"), "127.0.0.1", 5000)
    assert words[-1].startswith("sqlite:///") and "?" not in words[-1]


@pytest.mark.parametrize("name", ["app", "api", "tracking"])
def test_another_address_than_loopback_is_taken_only_where_it_is_named(
    name: str, home: Path, started: list[list[str]]
):
    main([name, "--port", str(free_port()), "--host", "0.0.0.0"])
    main([name, "--port", str(free_port())])
    everywhere, loopback = started
    assert "0.0.0.0" in everywhere and "127.0.0.1" not in everywhere
    assert "127.0.0.1" in loopback and "0.0.0.0" not in loopback


def test_webserver_and_daemon_are_started_each_by_itself_and_only_one_daemon(
    home: Path, started: list[list[str]]
):
    main(["daemon"])
    main(["webserver", "--port", str(free_port())])
    daemon, webserver = started
    assert daemon[1].endswith("dagster-daemon") and Path(daemon[1]).exists()
    assert webserver[1:3] == ["-m", "dagster_webserver"]
    with pytest.raises(SystemExit, match="another `make dev` works on"):
        main(["daemon"])
    assert set(PARTS) == {"daemon", "webserver"} and len(started) == 2
