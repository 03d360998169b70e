"""Notices arrive at real servers on loopback; a fault of a channel is a line and no more."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import logging
import socket
import time
from collections.abc import Iterator
from dataclasses import replace

import polars as pl
import pytest

from kpop_assets.notify.channels import channel_names, hide_secrets, send
from kpop_assets.notify.messages import (
    SHOWN_SPIKES,
    Notice,
    failure_notice,
    spike_notice,
    stale_notice,
)
from kpop_assets.settings import Settings
from kpop_assets_tests.notify.kit import MailReceiver, WebReceiver, serving

KEY, TOKEN, PASSWORD = "AIzaSyVerySecretKey", "T0K3N/xyz-secret", "p@ss:w/rd-secret"
NOTICE = Notice("spike", "뉴진스 gains", "one line\nanother", dt.date(2026, 11, 20), "NewJeans")
LOG = logging.getLogger("kpop.test.notify")


def send_now(notice: Notice, settings: Settings) -> list[str]:
    return send([notice], settings, LOG, sleep=lambda seconds: None)


@pytest.fixture
def web() -> Iterator[WebReceiver]:
    with serving(WebReceiver()) as server:
        yield server


@pytest.fixture
def mail() -> Iterator[MailReceiver]:
    with serving(MailReceiver()) as server:
        yield server


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def hook(settings: Settings, port: int) -> Settings:
    return replace(settings, notify_webhook=f"http://127.0.0.1:{port}/{TOKEN}?k=query-secret")


def mailbox(settings: Settings, port: int, user: str = "me:p%40ss%3Aw%2Frd-secret@") -> Settings:
    url = f"smtp://{user}127.0.0.1:{port}"
    return replace(settings, notify_email="fan@example.org", smtp_url=url)


def test_a_webhook_gets_the_notice_as_json(settings: Settings, web: WebReceiver):
    assert send_now(NOTICE, hook(settings, web.server_port)) == ["webhook"]
    assert web.bodies == [
        {
            "kind": "spike",
            "title": "뉴진스 gains",
            "text": "뉴진스 gains\none line\nanother",
            "day": "2026-11-20",
            "artist": "NewJeans",
        }
    ]
    assert web.paths == [f"/{TOKEN}?k=query-secret"]


def test_a_mail_server_gets_it_with_user_and_password(settings: Settings, mail: MailReceiver):
    assert send_now(NOTICE, mailbox(settings, mail.server_address[1])) == ["e-mail"]
    (text,) = mail.mails
    message = email.message_from_string(text, policy=email.policy.default)
    assert message["To"] == "fan@example.org"
    assert message["Subject"] == "[kpop] 뉴진스 gains"
    assert "one line\nanother" in message.get_content().replace("\r\n", "\n")
    assert len(mail.logins) == 1


def test_a_mail_server_without_user_is_not_asked_to_log_in(settings: Settings, mail: MailReceiver):
    assert send_now(NOTICE, mailbox(settings, mail.server_address[1], "")) == ["e-mail"]
    assert mail.logins == []


@pytest.mark.parametrize("user", ["me:p%40ss%3Aw%2Frd-secret@", ""])
def test_no_password_goes_to_another_machine_in_clear(
    settings: Settings,
    mail: MailReceiver,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    user: str,
):
    port = mail.server_address[1]

    connect = socket.create_connection

    def reach(address: tuple[str, int], timeout: float, source: object = None) -> socket.socket:
        return connect(("127.0.0.1", port), timeout)

    monkeypatch.setattr(socket, "create_connection", reach)
    url = f"smtp://{user}mail.example.org:{port}"
    far = replace(settings, notify_email="fan@example.org", smtp_url=url)
    assert send_now(NOTICE, far) == ["log" if user else "e-mail"]
    assert mail.logins == []
    assert ("smtps://" in caplog.text) == bool(user)
    assert PASSWORD not in caplog.text


def test_every_named_channel_gets_it(settings: Settings, web: WebReceiver, mail: MailReceiver):
    both = mailbox(hook(settings, web.server_port), mail.server_address[1])
    assert send_now(NOTICE, both) == channel_names(both) == ["webhook", "e-mail"]
    assert len(web.bodies) == len(mail.mails) == 1


def test_without_a_channel_the_log_gets_it(settings: Settings, caplog: pytest.LogCaptureFixture):
    assert send_now(NOTICE, settings) == ["log"]
    assert "뉴진스 gains: one line | another" in caplog.text


@pytest.mark.parametrize("answers", [[503], [429, 500], [0, 0]])
def test_a_passing_fault_is_tried_again(settings: Settings, web: WebReceiver, answers: list[int]):
    web.answers = list(answers)
    assert send_now(NOTICE, hook(settings, web.server_port)) == ["webhook"]
    assert len(web.paths) == len(answers) + 1
    assert len(web.bodies) == 1


@pytest.mark.parametrize(
    ("answers", "asked"), [([503] * 3, 3), ([0] * 3, 3), ([404], 1), ([403], 1), ([302], 1)]
)
def test_a_lasting_fault_is_one_line_and_the_log_gets_the_notice(
    settings: Settings,
    web: WebReceiver,
    caplog: pytest.LogCaptureFixture,
    answers: list[int],
    asked: int,
):
    web.answers = list(answers)
    assert send_now(NOTICE, hook(settings, web.server_port)) == ["log"]
    assert len(web.paths) == asked
    levels = [record.levelname for record in caplog.records]
    assert levels == ["ERROR", "WARNING"]
    assert caplog.records[0].getMessage().startswith("webhook did not take the notice")
    assert "\n" not in caplog.records[0].getMessage()


def test_one_broken_channel_does_not_stop_the_other(settings: Settings, mail: MailReceiver):
    both = mailbox(hook(settings, free_port()), mail.server_address[1])
    assert send_now(NOTICE, both) == ["e-mail"]


def test_a_channel_that_fails_is_not_waited_for_again(
    settings: Settings, web: WebReceiver, mail: MailReceiver
):
    web.answers = [500] * 9
    both = mailbox(hook(settings, web.server_port), mail.server_address[1])
    took = send([NOTICE] * 3, both, LOG, sleep=lambda seconds: None)
    assert took == ["e-mail"] * 3
    assert len(web.paths) == 3


def test_a_refused_mail_is_logged(
    settings: Settings, mail: MailReceiver, caplog: pytest.LogCaptureFixture
):
    mail.is_refusing = True
    assert send_now(NOTICE, mailbox(settings, mail.server_address[1])) == ["log"]
    mail.is_refusing = False
    assert send_now(NOTICE, mailbox(settings, mail.server_address[1], "me:wrong@")) == ["log"]
    assert "refuses user or password" in caplog.text
    # Another try would lock the account.
    assert len([line for line in mail.logins if line.endswith("AG1lAHdyb25n")]) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"notify_webhook": "not an address"},
        {"notify_webhook": "file:///etc/passwd"},
        {"notify_webhook": "http://[::1/x"},
        {"notify_webhook": "http://127.0.0.1:99999/x"},
        {"notify_email": "fan@example.org"},
        {"notify_email": "fan@example.org", "smtp_url": "http://mail.example.org"},
        {"notify_email": "a\nBcc: b@example.org", "smtp_url": "smtp://127.0.0.1:9"},
    ],
)
def test_a_setting_that_makes_no_sense_fails_nothing(
    settings: Settings, change: dict[str, str], caplog: pytest.LogCaptureFixture
):
    assert send_now(NOTICE, replace(settings, **change)) == ["log"]  # type: ignore[arg-type]
    assert len(caplog.records) == 2


def test_a_silent_receiver_is_given_up_on(settings: Settings, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("kpop_assets.notify.channels.TIMEOUT_SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        port = mute.getsockname()[1]
        started = time.monotonic()
        assert send_now(NOTICE, mailbox(hook(settings, port), port)) == ["log"]
    assert time.monotonic() - started < 5


def test_no_secret_stands_in_any_log_or_message(
    settings: Settings, web: WebReceiver, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    web.answers = [500, 500, 404]
    named = replace(hook(settings, web.server_port), youtube_key=KEY)
    full = mailbox(named, free_port(), "me:p%40ss%3Aw%2Frd-secret@")
    leak = f"{KEY} {full.notify_webhook} {full.smtp_url} {PASSWORD} /{TOKEN} query-secret"
    send_now(failure_notice("take_in", "", None, leak, NOTICE.day), full)
    send_now(failure_notice("take_in", "", "step", leak, NOTICE.day), full)
    said = caplog.text + str(web.bodies)
    assert len(web.bodies) == 1
    for secret in (KEY, TOKEN, PASSWORD, "p%40ss%3Aw%2Frd-secret", "query-secret"):
        assert secret not in said
    assert "***" in said


def test_what_is_no_secret_stays_readable(settings: Settings):
    assert hide_secrets("step landing__events failed", settings) == "step landing__events failed"
    assert hide_secrets("a/b", hook(settings, 1)) == "a/b"


def test_stale_assets_are_listed_with_their_newest_day():
    notice = stale_notice({"gold/x": None, "bronze/y": NOTICE.day}, NOTICE.day)
    assert notice.title == "2 assets are stale"
    assert notice.text.splitlines()[:2] == [
        "bronze/y: newest day 2026-11-20",
        "gold/x: newest day none",
    ]


def test_many_spikes_are_one_notice_that_no_channel_cuts_off(settings: Settings, web: WebReceiver):
    count = SHOWN_SPIKES + 5
    alerts = pl.DataFrame(
        {
            "artist": [f"TOMORROW X TOGETHER {i}" for i in range(count)],
            "sigmas": [100.0 + i for i in range(count)],
            "ratio": [12345.6] * count,
            "event_date": [NOTICE.day - dt.timedelta(days=i % 2) for i in range(count)],
        }
    )
    notice = spike_notice(alerts, {NOTICE.day})
    assert (notice.day, notice.artist) == (NOTICE.day, None)
    assert notice.title.startswith(f"SIMULATED DATA: {count} spikes")
    lines = notice.text.splitlines()
    assert lines[0].startswith(f"SIMULATED: TOMORROW X TOGETHER {count - 1}: 124.0 sigma")
    assert lines[1].startswith(f"TOMORROW X TOGETHER {count - 2}: ")
    assert lines[SHOWN_SPIKES] == "and 5 more"
    assert send_now(notice, hook(settings, web.server_port)) == ["webhook"]
    assert web.bodies[0]["text"].endswith("not YouTube's.")
