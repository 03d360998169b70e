"""An upload that breaks off is no error of ours, and a large one keeps nobody waiting."""

from __future__ import annotations

import asyncio
import json
import threading
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.types import Message

from kpop_assets_tests.serving.intake.kit import a_play, application
from serving.intake import intake_routes as routes_module

JSON = [(b"content-type", b"application/json")]
PARTS = {"type": "http", "path": "/v1/plays", "query_string": b"", "headers": JSON}


async def send_play(app: FastAPI, messages: list[Message]) -> list[Message]:
    sent: list[Message] = []

    async def receive() -> Message:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await app({**PARTS, "method": "POST", "raw_path": b"/v1/plays"}, receive, send)
    return sent


def test_an_upload_that_is_broken_off_is_a_caller_that_left(tmp_path: Path):
    app = application(tmp_path)
    begun: Message = {"type": "http.request", "body": b'{"plays": [', "more_body": True}
    asyncio.run(send_play(app, [begun]))
    counted = {"route": "/v1/plays", "method": "POST", "status": "499"}
    assert app.state.meters.registry.get_sample_value("kpop_requests_total", counted) == 1


def test_others_are_answered_while_a_batch_is_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    others_ran = threading.Event()
    check_batch = routes_module.check_batch

    def check_slowly(*given: object) -> object:
        assert others_ran.wait(10), "the loop stood still"
        return check_batch(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(routes_module, "check_batch", check_slowly)
    app = application(tmp_path)
    body = json.dumps({"plays": [a_play()]}).encode()

    async def both() -> list[Message]:
        message: Message = {"type": "http.request", "body": body, "more_body": False}
        asked = asyncio.create_task(send_play(app, [message]))
        await asyncio.sleep(0.05)
        others_ran.set()
        return await asked

    assert asyncio.run(both())[0]["status"] == 202
    app.state.intake.stop()
