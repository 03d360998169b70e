"""Load is sent when it is due, and what waits is charged; the made-up bundle answers like any."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

from bench.serving_load import LoadResult, send_load, wanted_get, wanted_post
from bench.serving_world import listener_name, make_world
from kpop_assets.landing.persons import person_ids
from kpop_assets.recommend.bundle.bundle_read import open_bundle
from kpop_assets.recommend.service.answer import ListeningWish, recommend

_STALL_SECONDS = 0.6
ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 35\r\n\r\n" + b'{"fallback": null, "cache": "none"}'


async def loaded(stalls: bool, answer: bytes = ANSWER) -> LoadResult:
    """Fifty requests a second, to a server that may stand still once, or say nothing."""
    seen, standing = 0, asyncio.Event()
    standing.set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal seen
        while await reader.readuntil(b"\r\n\r\n"):
            seen += 1
            if stalls and seen == 10:
                standing.clear()
                asyncio.get_running_loop().call_later(_STALL_SECONDS, standing.set)
            await standing.wait()
            writer.write(answer)
            if not answer:
                return

    async def forgiving(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError):
            await serve(reader, writer)
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(forgiving, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        result = await send_load(port, 50, 1, lambda _: wanted_get("one", "/"))
    # Connections end a moment after their client let go.
    await asyncio.sleep(0.1)
    return result


def test_a_stall_is_charged_to_all_that_was_due_in_it():
    result = asyncio.run(loaded(stalls=True))
    assert (result.sent, result.errors) == (50, 0)
    # Thirty were due in .6 seconds; one after the other, one alone would have waited.
    assert sum(one > 0.1 for one in result.seconds) > 15
    assert max(asyncio.run(loaded(stalls=False)).seconds) < _STALL_SECONDS


def test_what_is_not_answered_is_an_error():
    result = asyncio.run(loaded(stalls=False, answer=b""))
    assert (result.errors, result.seconds) == (50, [])


def test_a_body_goes_with_its_length():
    sent = wanted_post("one", "/v1/recommendations", {"user_id": "뉴진스"}).data
    head, body = sent.split(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}".encode() in head


def test_the_made_up_bundle_knows_its_listeners_and_finds_its_works(tmp_path: Path):
    make_world(tmp_path, works=400, learnt=60, listeners=12)
    bundle = open_bundle(tmp_path)
    assert bundle.manifest.is_simulated
    assert (len(bundle.works), bundle.learnt_count) == (400, 60)
    heard = bundle.heard(person_ids(tmp_path / "landing", "plays").id_of(listener_name(3)))
    answer = recommend(bundle, ListeningWish(heard=heard, hour=20))
    assert (answer.basis, len(answer.rows)) == ("history", 10)
    assert bundle.work_search is not None
    assert bundle.work_search.find(bundle.works["title"][7], 50)
    bundle.work_search.close()
