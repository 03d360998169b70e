"""Every list on the product's own demo: rows as the schema has them, in both forms."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from kpop_assets.contracts.lens_forecasts import VIDEO_FORECASTS
from kpop_assets.contracts.lens_words import KEYWORDS
from kpop_assets.lake.reader import LakeReader
from kpop_assets.settings import Settings
from serving.app import create_app
from serving.lists.all_lists import LISTS
from serving.lists.entries import ListEntry

# Lists of which the demo has no row, and why.
MAY_BE_EMPTY = {
    "/v1/checks": "all pass",
    "/v1/breakouts": "nobody need pass",
    "/v1/rookies": "nobody need be one",
    "/v1/tiers/changes": "nobody need change",
    "/v1/alerts/changes": "nothing need happen",
    "/v1/outliers": "none need stand out that day",
    "/v1/outliers/channels": "no channel need have one",
    "/v1/forecasts/{video_id}/milestone": "none need be in sight",
    "/v1/keywords/{word}/videos": "the word may be of no video of an act",
    "/v1/signals": "nobody was asked",
    "/v1/recommenders/raters": "none need foretell ratings",
    "/v1/service/days": "nobody asked",
    "/v1/service/experiments": "none runs",
    "/v1/service/outcomes": "nobody asked",
    "/v1/intake/reasons": "no line need be refused",
}
# Lists for which the demo's weeks are too few: they say so, and from when on there is something.
TOO_EARLY = {"/v1/next-viral", "/v1/next-viral/near"}
# In the slot for a rising act the demo shows nothing.
TOO_EARLY |= {"/v1/service/policies"}
# Nothing of the demo is learnt of rated reviews.
TOO_EARLY |= {"/v1/audience/models"}
TOO_EARLY |= {"/v1/track-record", "/v1/track-record/chances", "/v1/track-record/ways"}
KINDS: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
}


@pytest.fixture(scope="module")
def client(full_home: Path) -> TestClient:
    return TestClient(create_app(Settings(home=full_home)))


@pytest.fixture(scope="module")
def known(full_home: Path) -> dict[str, Any]:
    """What the demo has of what a path asks for."""
    lake = LakeReader(Settings(home=full_home).lake)
    forecast, word = lake.newest_rows(VIDEO_FORECASTS)[0], lake.newest_rows(KEYWORDS)[0]
    return {
        "name": forecast["artist"],
        "video_id": forecast["video_id"],
        "word": word["word"],
        "artist": ["BTS", "IVE"],
    }


def fits(value: Any, schema: dict[str, Any]) -> bool:
    if value is None:
        return "null" in schema["type"]
    kind = schema["type"][0]
    if not isinstance(value, KINDS[kind]) or (kind != "boolean" and isinstance(value, bool)):
        return False
    if schema.get("format") == "date":
        return bool(dt.date.fromisoformat(value))
    if schema.get("format") == "date-time":
        return dt.datetime.fromisoformat(value).utcoffset() == dt.timedelta(0)
    return all(fits(part, schema["items"]) for part in value) if kind == "array" else True


@pytest.mark.parametrize("entry", LISTS, ids=lambda entry: entry.path)
def test_a_list_has_rows_as_its_schema_says_in_both_forms(
    entry: ListEntry, client: TestClient, known: dict[str, Any]
):
    path = entry.path.format(**known)
    asked = {p.name: known[p.name] for p in entry.params if p.default is ... and p.name in known}
    query = {name: value for name, value in asked.items() if f"{{{name}}}" not in entry.path}
    answer = client.get(path, params=query)
    if answer.status_code == 404:
        assert entry.path in TOO_EARLY
        return
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["is_simulated"] is True
    schemas = {field.name: field.schema() for field in entry.fields}
    for row in told["rows"]:
        assert row.keys() == schemas.keys()
        wrong = {n: v for n, v in row.items() if not fits(v, schemas[n])}
        assert not wrong
    assert told["rows"] or entry.path in MAY_BE_EMPTY
    written = client.get(path, params={**query, "format": "csv"})
    assert "SIMULATED" in written.headers["content-disposition"]
    rows = csv.reader(io.StringIO(written.content.decode("utf-8-sig")))
    assert next(rows) == list(schemas)
    assert len(list(rows)) == told["count"]


@pytest.mark.parametrize("entry", [e for e in LISTS if "{name}" in e.path], ids=lambda e: e.path)
def test_a_list_of_an_act_goes_on_by_a_korean_name(entry: ListEntry, client: TestClient):
    path = entry.path.format(name="방탄소년단")
    whole = client.get(path, params={"limit": 3}).json()
    found, link = [], f"{path}?limit=1"
    while link and len(found) < 3:
        page = client.get(link)
        assert page.status_code == 200, page.text
        found += page.json()["rows"]
        link = page.headers.get("link", "").partition(">")[0].lstrip("<")
    assert found == whole["rows"]
