"""No secret in an error, a log, an answer or a file, wherever the service repeats it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpop_assets.errors import KpopError
from kpop_assets.net.attempt import Answer, Http, HttpRequest
from kpop_assets.net.breaker import Breaker
from kpop_assets.net.caller import Caller, RetryRule
from kpop_assets.net.errors import AnswerError
from kpop_assets.net.redaction import HIDDEN, Secrets
from kpop_assets_tests.net.kit import Reply, Service, serving

# What an HTTP header can carry; blanks at its ends would be cut off on the way.
secret_texts = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=8)
STATUSES = (200, 302, 400, 403, 429, 500, 503)
WAYS = ("", "cut", "close", "nonsense")


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with serving() as service:
        yield service


def forms(secret: str) -> set[str]:
    """The secret as it came, in an address, and in JSON."""
    return {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), json.dumps(secret)}


def chain(error: BaseException | None) -> Iterator[str]:
    """Texts of an error and of all that it came of."""
    while error is not None:
        yield f"{error} {error!r} {vars(error)!r} {error.args!r}"
        yield from (chain(error.__context__) if error.__context__ else ())
        error = error.__cause__


def repeats(answer: Answer) -> AnswerError:
    """A judge that puts all that the service said into its error."""
    told = f"{answer.status} {dict(answer.headers)} {answer.body.decode()} {answer!r}"
    return AnswerError(told, status=answer.status, may_pass=answer.status >= 500)


@given(secret_texts, st.sampled_from(STATUSES), st.sampled_from(WAYS))
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_secret_is_in_any_error_or_log(
    service: Service,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
    secret: str,
    status: int,
    way: str,
):
    caplog.clear()
    caplog.set_level(logging.DEBUG)
    told = {"X-Told": secret, "Location": f"http://127.0.0.1:9/?key={quote(secret)}"}
    body = json.dumps({"error": f"the key {secret}"}).encode()
    service.answer(then=Reply(status, body, told, reason=f"No {quote(secret)}", way=way))
    secrets = Secrets(secret)
    caller = Caller(
        "the service",
        Http("tests/1", {"x-key": secret}, secrets),
        repeats,
        Breaker(tmp_path / "state.db", "the service", failures=10**9),
        retry=RetryRule(attempts=2),
        sleep=lambda seconds: None,
    )
    with pytest.raises(KpopError) as caught:
        caller.call(HttpRequest(service.url, {"q": secret}))
    assert service.got[-1].headers["x-key"] == secret
    texts = [*chain(caught.value), repr(secrets), repr(caller), *caplog.messages]
    texts += [repr(vars(record)) for record in caplog.records]
    everything = "\n".join(texts)
    assert "HTTP Request: GET" in everything or way, "the test sees no logs"
    assert [form for form in forms(secret) if form in everything] == []


@given(st.lists(st.text(min_size=4), min_size=1, max_size=4), st.text())
def test_no_form_of_a_secret_is_left_in_a_text(values: list[str], around: str):
    secrets = Secrets(*values)
    for value in values:
        for form in forms(value):
            text = secrets.hide(f"{around}{form}{around}")
            assert form not in text.replace(HIDDEN, "\N{REPLACEMENT CHARACTER}")


def test_an_answer_is_handed_on_without_the_secret(service: Service):
    service.answer(Reply(200, b'{"key": "AIza-secret"}', {"X-Told": "AIza-secret"}))
    answer = Http("tests/1", secrets=Secrets("AIza-secret")).send(HttpRequest(service.url))
    assert answer.data() == {"key": HIDDEN}
    assert answer.headers["x-told"] == HIDDEN


def test_a_token_that_a_service_gave_is_hidden_from_then_on(service: Service):
    secrets = Secrets()
    secrets.add("a-token-of-today")
    assert secrets.hide("Bearer a-token-of-today") == f"Bearer {HIDDEN}"
    assert "token" not in repr(secrets)


def test_an_empty_secret_hides_nothing():
    assert Secrets("").hide("as it was") == "as it was"


def test_the_logs_of_others_are_as_before_after_an_attempt(service: Service):
    logger = logging.getLogger("httpx")
    before = list(logger.filters)
    Http("tests/1", secrets=Secrets("AIza-secret")).send(HttpRequest(service.url))
    assert logger.filters == before
