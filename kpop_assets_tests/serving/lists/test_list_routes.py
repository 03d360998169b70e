"""Lists over HTTP on a small lake: pages of one state, forms, names, days, and what is refused."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from deltalake import DeltaTable, write_deltalake
from fastapi.testclient import TestClient

from app.snapshot import Snapshot
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.settings import Settings
from kpop_assets_tests.app.kit import DAY, days_ago, write_rows
from serving.app import create_app
from serving.lists.all_lists import LISTS

ACTS = ("BTS", "IVE", "EXO", "aespa", "TWICE")
SCORES = "/v1/tiers/scores"


def rows_of(score: int) -> list[dict[str, Any]]:
    return [
        {"ingest_date": day, "artist": act, "total_engagement": score + place, "rank": place + 1}
        for day in (days_ago(1), DAY)
        for place, act in enumerate(ACTS)
    ]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write_rows(tmp_path, ARTIST_FEATURES, rows_of(100))
    return tmp_path


@pytest.fixture
def client(home: Path) -> TestClient:
    return TestClient(create_app(Settings(home=home)))


def overwrite(home: Path, score: int) -> None:
    """A new version of the table; the files of the old one stay until a vacuum."""
    folder = home / "lake" / ARTIST_FEATURES.path
    known = Snapshot(Settings(home=home)).read(ARTIST_FEATURES)
    changed = known.with_columns(total_engagement=pl.lit(score, pl.Int64))
    written = changed.to_arrow().cast(ARTIST_FEATURES.arrow_schema())
    write_deltalake(str(folder), written, partition_by=["ingest_date"], mode="overwrite")


def test_a_list_is_of_the_newest_day_with_the_version_of_its_tables(client: TestClient):
    told = client.get(SCORES).json()
    assert told["date"] == DAY.isoformat()
    assert told["versions"] == {"gold/artist_features": 0}
    assert told["total"] == told["count"] == len(ACTS)
    assert told["next_cursor"] is None
    assert told["rows"][0] == {
        "artist": "BTS",
        "name_en": "BTS",
        "name_ko": "방탄소년단",
        "total_engagement": 100,
        "percentile": 0.0,
        "tier": 0,
    }


def test_pages_of_a_list_are_of_one_version_though_the_table_has_a_newer_one(
    client: TestClient, home: Path
):
    first = client.get(SCORES, params={"limit": 2}).json()
    overwrite(home, 7)
    second = client.get(SCORES, params={"limit": 2, "cursor": first["next_cursor"]}).json()
    # A worker that never saw the first page answers alike.
    other = TestClient(create_app(Settings(home=home)))
    assert other.get(SCORES, params={"limit": 2, "cursor": first["next_cursor"]}).json() == second
    assert [row["total_engagement"] for row in second["rows"]] == [102, 103]
    last = client.get(SCORES, params={"limit": 2, "cursor": second["next_cursor"]}).json()
    assert last["next_cursor"] is None
    names = [row["artist"] for page in (first, second, last) for row in page["rows"]]
    assert names == list(ACTS)
    assert client.get(SCORES).json()["rows"][0]["total_engagement"] == 7


def test_a_page_of_a_version_whose_files_went_is_gone(client: TestClient, home: Path):
    cursor = client.get(SCORES, params={"limit": 2}).json()["next_cursor"]
    overwrite(home, 7)
    folder = home / "lake" / ARTIST_FEATURES.path
    DeltaTable(str(folder)).vacuum(0, dry_run=False, enforce_retention_duration=False)
    fresh = TestClient(create_app(Settings(home=home)))
    gone = fresh.get(SCORES, params={"limit": 2, "cursor": cursor})
    assert gone.status_code == 410
    assert gone.json()["way_out"] == "begin again without a cursor"


def test_a_page_of_a_table_made_anew_is_gone(client: TestClient, home: Path):
    """Its first version has the number of the old one's, and other rows."""
    cursor = client.get(SCORES, params={"limit": 2}).json()["next_cursor"]
    folder = home / "lake" / ARTIST_FEATURES.path
    folder.rename(home / "old")
    write_rows(home, ARTIST_FEATURES, rows_of(500))
    gone = client.get(SCORES, params={"limit": 2, "cursor": cursor})
    assert gone.status_code == 410


def test_a_cursor_of_another_question_is_refused(client: TestClient):
    cursor = client.get(SCORES, params={"limit": 2}).json()["next_cursor"]
    for path, asked in ((SCORES, {"date": days_ago(1).isoformat()}), ("/v1/trends", {})):
        refused = client.get(path, params={"cursor": cursor, **asked})
        assert refused.status_code == 400, path
    assert client.get(SCORES, params={"cursor": "nonsense"}).status_code == 400


def test_what_a_caller_has_is_not_sent_again_until_it_changes(client: TestClient, home: Path):
    first = client.get(SCORES)
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "public, max-age=60"
    same = client.get(SCORES, headers={"If-None-Match": f'"x", {tag}'})
    assert (same.status_code, same.content) == (304, b"")
    assert same.headers["etag"] == tag
    for other in ({"limit": "2"}, {"format": "csv"}, {"date": days_ago(1).isoformat()}):
        assert client.get(SCORES, params=other).headers["etag"] != tag
    overwrite(home, 7)
    assert client.get(SCORES, headers={"If-None-Match": tag}).status_code == 200


def test_csv_has_the_same_rows_and_is_asked_for_by_header_or_address(client: TestClient):
    as_json = client.get(SCORES, params={"limit": 3}).json()["rows"]
    by_address = client.get(SCORES, params={"limit": 3, "format": "csv"})
    by_header = client.get(SCORES, params={"limit": 3}, headers={"Accept": "text/csv"})
    assert by_address.headers["content-type"] == "text/csv; charset=utf-8"
    assert f"scores_{DAY.isoformat()}" in by_address.headers["content-disposition"]
    assert by_address.content == by_header.content
    rows = list(csv.DictReader(io.StringIO(by_address.content.decode("utf-8-sig"))))
    assert rows == [{name: str(value) for name, value in row.items()} for row in as_json]
    following = by_address.headers["link"].partition(">")[0].lstrip("<")
    rest = client.get(following).content.decode("utf-8-sig")
    assert [row["artist"] for row in csv.DictReader(io.StringIO(rest))] == list(ACTS[3:])


def test_a_form_that_nobody_writes_is_not_acceptable(client: TestClient):
    refused = client.get(SCORES, headers={"Accept": "image/png"})
    assert refused.status_code == 406
    assert refused.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("date=2026-03-09", 200),
        ("date=2026-03-08", 404),
        ("date=0001-01-01", 422),
        ("date=9999-12-31", 422),
        ("date=yesterday", 422),
        ("limit=0", 422),
        ("limit=1001", 422),
        ("format=xml", 422),
        ("artst=BTS", 422),
    ],
)
def test_days_sizes_and_names_of_parameters_are_held_to_what_there_is(
    client: TestClient, query: str, status: int
):
    answer = client.get(f"{SCORES}?{query}")
    assert answer.status_code == status
    if status != 200:
        told = answer.json()
        assert told["status"] == status
        assert told["detail"] and told["way_out"]


def test_an_act_is_found_by_any_name_and_a_near_one_is_named(client: TestClient):
    named = [
        client.get(f"/v1/artists/{name}/features").json()["rows"][-1]["artist"]
        for name in ("BTS", "bts", "방탄소년단")
    ]
    assert named == ["BTS"] * 3
    unknown = client.get("/v1/artists/BTSS/features")
    assert unknown.status_code == 404
    assert "BTS" in unknown.json()["way_out"]


def test_pages_follow_each_other_by_a_korean_name_in_the_path(client: TestClient):
    path, days = "/v1/artists/방탄소년단/features?format=csv&limit=1", []
    while path:
        page = client.get(path)
        assert page.status_code == 200
        days += [row["ingest_date"] for row in csv.DictReader(io.StringIO(page.text[1:]))]
        path = page.headers.get("link", "").partition(">")[0].lstrip("<")
        assert path.isascii()
    assert days == [days_ago(1).isoformat(), DAY.isoformat()]


def test_what_no_table_has_yet_is_told_in_the_language_asked_for(client: TestClient):
    korean = client.get("/v1/outliers", headers={"Accept-Language": "ko"})
    english = client.get("/v1/outliers")
    assert korean.status_code == english.status_code == 404
    assert "lens/video_outliers" in english.json()["detail"]
    assert korean.headers["content-language"] == "ko"
    assert any("가" <= letter <= "힣" for letter in korean.json()["detail"])


def test_an_empty_home_is_told_apart_from_a_broken_table(tmp_path: Path, home: Path):
    empty = TestClient(create_app(Settings(home=tmp_path / "empty")))
    assert empty.get(SCORES).status_code == 404
    for file in (home / "lake" / ARTIST_FEATURES.path).rglob("*.parquet"):
        file.write_bytes(b"no parquet")
    broken = TestClient(create_app(Settings(home=home))).get(SCORES)
    assert broken.status_code == 503
    assert broken.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("is_empty", [True, False])
def test_a_home_that_lacks_most_tables_is_no_defect_of_any_list(
    tmp_path: Path, home: Path, is_empty: bool
):
    client = TestClient(create_app(Settings(home=tmp_path / "empty" if is_empty else home)))
    for entry in LISTS:
        said = {param.name: param.example for param in entry.params if param.default is ...}
        query = {name: value for name, value in said.items() if f"{{{name}}}" not in entry.path}
        answer = client.get(entry.path.format(**said), params=query)
        assert answer.status_code in (200, 404), (entry.path, answer.text)


def test_no_number_is_null_and_a_name_that_a_spreadsheet_would_run_is_text(home: Path):
    rows = [
        {"ingest_date": DAY, "artist": "=1+1", "total_engagement": 0, "percentile": float("nan")}
    ]
    write_rows(home, ARTIST_FEATURES, rows)
    client = TestClient(create_app(Settings(home=home)))
    first = json.loads(client.get(SCORES).text)["rows"][0]
    assert first["artist"] == "=1+1"
    assert (first["percentile"], first["name_en"]) == (None, None)
    assert "'=1+1" in client.get(SCORES, params={"format": "csv"}).text
