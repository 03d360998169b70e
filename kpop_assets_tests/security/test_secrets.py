"""Secrets come from the environment and stay there: whatever fails, none is written or shown."""

from __future__ import annotations

import datetime as dt
import logging
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

import pytest

from kpop_assets.cli import main as cli
from kpop_assets.engine.session import Engine, EngineError
from kpop_assets.net.ledger import utc_now
from kpop_assets.notify.channels import hide_secrets, send
from kpop_assets.notify.messages import Notice
from kpop_assets.operate.execution import RunError
from kpop_assets.operate.runner import materialize
from kpop_assets.settings import Settings, load_settings
from kpop_assets_tests.landing.youtube.server import FakeYouTube, Fault, make_world
from kpop_assets_tests.notify.kit import MailReceiver, WebReceiver, serving

CANARY = "CANARY0secret0value"
# By field, what a user might set; each holds the canary. A new secret needs an entry.
VALUES = {
    "youtube_key": f"AIza{CANARY}",
    "notify_webhook": f"http://127.0.0.1:{{web}}/hook/{CANARY}?token={CANARY}",
    "smtp_url": f"smtp://me:{CANARY}@127.0.0.1:{{mail}}",
    "connect_url": f"sc://127.0.0.1:1/;token={CANARY}",
    "kg_key": f"AIza{CANARY}",
    "reddit": f"application:{CANARY}",
    "spotify_secret": CANARY,
    "redis_url": f"redis://me:{CANARY}@127.0.0.1:1/0",
    "dagster_db": f"postgresql://me:{CANARY}@127.0.0.1:1/dagster",
}
SECRETS = [field.name for field in fields(Settings) if not field.repr]
# Words that name a secret; a field called so must be one.
TELLING = ("key", "secret", "token", "password", "webhook", "_url", "_db")


@dataclass
class Place:
    """A data folder with every secret set, and servers that refuse everything."""

    home: Path
    youtube: FakeYouTube
    mail: MailReceiver
    web: WebReceiver


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """YouTube repeats the key in its refusal, the webhook answers 500, the mail server 550."""
    world = make_world(utc_now(), channels=1, videos_each=1)
    key = VALUES["youtube_key"]
    youtube = FakeYouTube(world, utc_now, lambda number: Fault("suspended"), key=key)
    with youtube, serving(WebReceiver()) as web, serving(MailReceiver()) as mail:
        web.answers = [500] * 100
        mail.is_refusing = True
        ports = {"web": web.server_address[1], "mail": mail.server_address[1]}
        for name in SECRETS:
            monkeypatch.setenv(f"KPOP_{name.upper()}", VALUES[name].format(**ports))
        monkeypatch.setenv("KPOP_HOME", str(tmp_path / "home"))
        monkeypatch.setenv("KPOP_ENGINE", "sail")
        monkeypatch.setenv("KPOP_NOTIFY_EMAIL", "somebody@example.org")
        monkeypatch.setenv("KPOP_YOUTUBE_ENDPOINT", youtube.endpoint)
        monkeypatch.setenv("COLUMNS", "200")
        monkeypatch.delenv("KPOP_DAGSTER_DB", raising=False)
        yield Place(tmp_path / "home", youtube, mail, web)


def files_with(folder: Path, word: str) -> list[str]:
    """Files below a folder that hold a word, in their name, their bytes or SQLite's log."""
    for database in folder.rglob("*.db"):
        with sqlite3.connect(database) as connection:
            connection.execute("PRAGMA wal_checkpoint")
        connection.close()
    found = [path for path in folder.rglob("*") if path.is_file()]
    assert found, "something was written"
    return [str(p) for p in found if word.encode() in p.read_bytes() or word in p.name]


def shown(capture: pytest.CaptureFixture[str], log: pytest.LogCaptureFixture) -> str:
    out, err = capture.readouterr()
    return out + err + log.text


def test_every_secret_has_a_value_here_and_a_name_that_tells():
    assert set(SECRETS) <= VALUES.keys()
    telling = {f.name for f in fields(Settings) if any(word in f.name for word in TELLING)}
    # A bucket's address; its credentials are AWS's own variables, and no part of the settings.
    # Reddit's variable has the name that was promised.
    assert telling - {"lake_url"} | {"reddit"} == set(SECRETS)


def test_the_settings_show_none(place: Place):
    settings = load_settings()
    assert all(CANARY in getattr(settings, name) for name in SECRETS if getattr(settings, name))
    assert CANARY not in f"{settings} {settings!r}"


@pytest.mark.parametrize("name", VALUES)
def test_a_text_that_holds_a_secret_is_blotted_out(tmp_path: Path, name: str):
    if name not in SECRETS:
        pytest.skip(f"{name} is no setting")
    value = VALUES[name].format(web=1, mail=1)
    settings = Settings(home=tmp_path, **{name: value})  # type: ignore[arg-type]
    secret = value if name.endswith("_key") else CANARY
    for text in (value, secret, f"error at {value}: {secret}"):
        assert CANARY not in hide_secrets(text, settings)


@pytest.mark.parametrize("arguments", ["doctor", "doctor --online", "fetch --query BTS", "rank"])
def test_no_command_shows_or_keeps_one(
    place: Place,
    arguments: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr("sys.argv", ["kpop", *arguments.split()])
    with pytest.raises(SystemExit) as end:
        cli.main()
    asked = bool(place.youtube.requests)
    assert asked == ("online" in arguments or "fetch" in arguments)
    assert CANARY not in f"{end.value.code} {shown(capsys, caplog)}"
    if asked:
        assert not files_with(place.home, CANARY)


def test_a_run_that_fails_keeps_none_in_its_logs(
    place: Place, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
):
    """Dagster keeps messages, traces, configuration and the output of steps."""
    caplog.set_level(logging.DEBUG)
    today = dt.datetime.now(dt.timezone(dt.timedelta(hours=9))).date()
    with pytest.raises(RunError) as failure:
        materialize(load_settings(), today, today, ("landing",), {"source": "youtube"})
    assert place.youtube.requests, "it got as far as YouTube"
    assert CANARY not in f"{failure.value} {shown(capfd, caplog)}"
    assert (place.home / "dagster").is_dir()
    assert not files_with(place.home, CANARY)


def test_channels_that_fail_say_why_without_them(
    place: Place, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    settings = load_settings()
    text = f"it failed at {settings.notify_webhook} and {settings.smtp_url} with {CANARY}"
    notice = Notice("failure", "a run failed", text, dt.date(2026, 1, 1))
    took = send([notice], settings, logging.getLogger("kpop.test"), lambda seconds: None)
    assert took == ["log"]
    assert len(place.web.paths) == 3 and place.mail.logins
    assert "answered 500" in caplog.text
    assert CANARY not in shown(capsys, caplog)


def test_an_engine_that_is_not_there_says_so_without_them(place: Place):
    settings = Settings(home=place.home, engine="connect", connect_url=VALUES["connect_url"])
    with pytest.raises(EngineError) as failure:
        Engine(settings).session()
    assert CANARY not in str(failure.value)
