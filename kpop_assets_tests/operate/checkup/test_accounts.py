"""Planted faults of key, quota and notice channels."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from kpop_assets.landing.youtube.quota import Quota, open_ledger
from kpop_assets.operate.checkup.accounts import check_channels, check_key, check_quota
from kpop_assets.settings import Settings
from kpop_assets_tests.notify.kit import serving

KEY = "AIzaSyD-0123456789abcdefghijklmnopqrstu"
REFUSED = (
    b'{"error": {"code": 400, "message": "API key not valid. Please pass a valid API key.",'
    b' "errors": [{"message": "API key not valid.", "domain": "global", "reason": "badRequest"}],'
    b' "status": "INVALID_ARGUMENT", "details": [{"@type":'
    b' "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}]}}'
)


class Api(ThreadingHTTPServer):
    """Answers every call alike."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = (200, b'{"kind": "youtube#videoListResponse", "items": []}')


class _Handler(BaseHTTPRequestHandler):
    server: Api

    def do_GET(self) -> None:
        code, body = self.server.answer
        self.send_response(code)
        self.send_header("Content-Type", "application/json; charset=UTF-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def api() -> Iterator[Api]:
    with serving(Api()) as server:
        yield server


def with_key(settings: Settings, api: Api | None = None) -> Settings:
    endpoint = f"http://127.0.0.1:{api.server_port}" if api else ""
    settings.home.mkdir(exist_ok=True)
    return replace(settings, youtube_key=KEY, youtube_endpoint=endpoint)


def test_no_key_is_a_warning_and_a_key_is_not_shown(settings: Settings):
    assert check_key(settings).state == "warning"
    finding = check_key(with_key(settings))
    assert finding.state == "ok"
    assert KEY not in str(finding)


def test_asking_costs_a_unit_of_reads(settings: Settings, api: Api):
    named = with_key(settings, api)
    assert check_key(named, is_online=True).text == "YouTube accepts it"
    ledger = open_ledger(named.collection_store)
    assert [(bucket, units) for _, bucket, units in ledger.spent()] == [(Quota.READS, 1)]


def test_a_key_that_youtube_refuses_is_a_problem(settings: Settings, api: Api):
    api.answer = (400, REFUSED)
    finding = check_key(with_key(settings, api), is_online=True)
    assert finding.state == "problem"
    assert finding.advice
    assert KEY not in str(finding)


def test_spent_quota_asks_nothing(settings: Settings, api: Api):
    named = with_key(settings, api)
    open_ledger(named.collection_store).exhaust(Quota.READS)
    assert check_key(named, is_online=True).state == "warning"


def test_quota_is_told_by_bucket_with_its_reset(settings: Settings):
    assert check_quota(settings).text == "nothing spent yet"
    ledger = open_ledger(with_key(settings).collection_store)
    ledger.spend(Quota.SEARCH, 10)
    finding = check_quota(settings)
    assert finding.state == "ok"
    assert "search 40 of 50" in finding.text
    assert f"{ledger.resets_at(Quota.SEARCH):%Y-%m-%d %H:%M} UTC" in finding.text


def test_a_spent_bucket_is_a_warning_that_says_until_when(settings: Settings):
    ledger = open_ledger(with_key(settings).collection_store)
    ledger.spend(Quota.SEARCH, 50)
    finding = check_quota(settings)
    assert finding.state == "warning"
    assert "search 0 of 50" in finding.text
    assert finding.advice.startswith("search: wait for 20")
    assert dt.datetime.now(dt.UTC) < ledger.resets_at(Quota.SEARCH)


def test_a_quota_that_another_tool_spent_is_no_matter_of_our_share(settings: Settings):
    ledger = open_ledger(with_key(settings).collection_store)
    ledger.spend(Quota.READS, 3)
    ledger.exhaust(Quota.READS)
    finding = check_quota(settings)
    assert finding.state == "warning"
    reset = f"{ledger.resets_at(Quota.READS):%Y-%m-%d %H:%M} UTC"
    assert finding.text.startswith(f"YouTube says that reads is spent until {reset}; left: ")
    assert "KPOP_QUOTA_SHARE" not in finding.advice


def test_who_uses_the_whole_quota_is_not_told_to_raise_the_share(settings: Settings):
    whole = replace(with_key(settings), quota_share=1.0)
    open_ledger(whole.collection_store, 1.0).spend(Quota.SEARCH, 100)
    assert "KPOP_QUOTA_SHARE" not in check_quota(whole).advice
    assert "KPOP_QUOTA_SHARE" in check_quota(replace(whole, quota_share=0.5)).advice


def test_a_damaged_ledger_is_a_problem(settings: Settings):
    with_key(settings).collection_store.write_bytes(b"no database at all" * 100)
    finding = check_quota(settings)
    assert finding.state == "problem"
    assert "collection.db cannot be read" in finding.text


@pytest.mark.parametrize(
    ("change", "state", "words"),
    [
        ({}, "warning", "log alone"),
        ({"notify_webhook": "https://h.example.org/s3cret-path"}, "ok", "to webhook"),
        (
            {"notify_email": "a@example.org", "smtp_url": "smtp://u:s3cret-word@h:25"},
            "ok",
            "to e-mail",
        ),
        ({"notify_webhook": "h.example.org/s3cret-path"}, "problem", "KPOP_NOTIFY_WEBHOOK"),
        ({"notify_email": "a@example.org"}, "problem", "KPOP_SMTP_URL"),
        ({"notify_email": "a@b.c", "smtp_url": "smtp://h:s3cret"}, "problem", "KPOP_SMTP_URL"),
        ({"smtp_url": "smtp://h:25"}, "problem", "KPOP_NOTIFY_EMAIL"),
    ],
)
def test_channels_are_told_without_their_secrets(
    settings: Settings, change: dict[str, str], state: str, words: str
):
    finding = check_channels(replace(settings, **change))  # type: ignore[arg-type]
    assert finding.state == state
    assert words in finding.text
    assert "s3cret" not in str(finding)
