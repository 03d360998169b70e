"""Works and acts over HTTP: found by what is typed, by id, kept by tag, refused in one line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from fastapi.testclient import TestClient

from kpop_assets.recommend.bundle.bundle_write import write_bundle
from kpop_assets.recommend.matrices.bundle_parts import BundleParts
from kpop_assets.settings import Settings
from kpop_assets_tests.recommend.bundles import DAY, bundle_parts
from serving.app import create_app


def named_parts() -> BundleParts:
    """The small bundle, two of its works by acts of the catalogue."""
    parts = bundle_parts()
    row = pl.int_range(pl.len())
    by_act = pl.when(row == 3).then(pl.lit("NewJeans")).when(row == 5).then(pl.lit("IU"))
    works = parts.works.with_columns(
        by_act.otherwise("artist").alias("artist"),
        by_act.otherwise("artist_name").alias("artist_name"),
        pl.when(row == 3).then(pl.lit("Hype Boy")).otherwise("title").alias("title"),
    )
    names = {"NewJeans": ("NewJeans", "뉴진스"), "IU": ("IU", "아이유")}
    return replace(parts, works=works, act_names=names, is_simulated=True)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("home")
    write_bundle(found, named_parts())
    return found


@pytest.fixture(scope="module")
def client(home: Path) -> TestClient:
    return TestClient(create_app(Settings(home=home)))


@pytest.mark.parametrize("typed", ["뉴진스", "ㄴㅈㅅ", "hype bo", "NewJeans - hype", "nwejeans"])
def test_a_work_is_found_as_it_is_typed_with_names_in_both_languages(
    client: TestClient, typed: str
):
    told = client.get("/v1/tracks/search", params={"q": typed}).json()
    row = told["rows"][0]
    assert (row["title"], row["artist"], row["name_ko"]) == ("Hype Boy", "NewJeans", "뉴진스")
    assert (told["query"], told["count"], told["is_simulated"]) == (typed, len(told["rows"]), True)
    assert told["model"].startswith(DAY.isoformat())


def test_a_work_is_told_by_its_id_and_by_that_of_a_version(client: TestClient):
    found = client.get("/v1/tracks/search", params={"q": "hype boy"}).json()["rows"][0]
    told = client.get(f"/v1/tracks/{found['work_id']}").json()
    assert told["title"] == "Hype Boy"
    assert told["version_count"] >= 1


def test_an_id_of_none_is_told_with_the_way_out(client: TestClient):
    answer = client.get("/v1/tracks/none")
    assert answer.status_code == 404
    assert "search" in answer.json()["way_out"]


@pytest.mark.parametrize(
    ("typed", "artist", "is_near"),
    [("뉴진ㅅ", "NewJeans", False), ("ㅂㅌㅅㄴㄷ", "BTS", False), ("blckpinkk", "BLACKPINK", True)],
)
def test_an_act_is_found_and_where_none_fits_one_that_is_near(
    client: TestClient, typed: str, artist: str, is_near: bool
):
    row = client.get("/v1/artists/search", params={"q": typed, "limit": 3}).json()["rows"][0]
    assert row["artist"] == artist
    assert (row["by"] is None) == is_near


@pytest.mark.parametrize("path", ["/v1/tracks/search", "/v1/artists/search"])
@pytest.mark.parametrize(
    "params", [{}, {"q": ""}, {"q": "a" * 101}, {"q": "a", "limit": 0}, {"q": "a", "page": 2}]
)
def test_what_is_asked_wrongly_is_refused_in_one_line(
    client: TestClient, path: str, params: dict[str, str]
):
    answer = client.get(path, params=params)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_answer_that_the_caller_has_is_not_sent_again_until_another_bundle_answers(
    tmp_path: Path,
):
    parts = named_parts()
    write_bundle(tmp_path, parts)
    app = create_app(Settings(home=tmp_path))
    client = TestClient(app)
    first = client.get("/v1/tracks/search", params={"q": "hype"})
    tag = {"If-None-Match": first.headers["etag"]}
    again = client.get("/v1/tracks/search", params={"q": "hype"}, headers=tag)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cache-control"] == "public, max-age=60"
    write_bundle(tmp_path, replace(parts, works=parts.works.with_columns(title=pl.lit("Hype"))))
    app.state.answers.bundles.look()
    later = client.get("/v1/tracks/search", params={"q": "hype"}, headers=tag)
    assert later.status_code == 200
    assert later.json()["rows"][0]["fit"] == "whole"


def test_without_a_bundle_works_cannot_be_found_and_acts_can(tmp_path: Path):
    client = TestClient(create_app(Settings(home=tmp_path)))
    answer = client.get("/v1/tracks/search", params={"q": "hype"})
    assert answer.status_code == 503
    assert "kpop train recommend" in answer.json()["way_out"]
    assert client.get("/v1/artists/search", params={"q": "iu"}).json()["rows"][0]["artist"] == "IU"
