"""`pareto.json`: its keys, its order, and that it is JSON."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from kpop_assets.contracts.models import CANDIDATE_SCORES
from kpop_assets.pareto.document import pareto_document

DAY = dt.date(2025, 11, 8)


def score(candidate: str, rps: float, **more: Any) -> dict[str, Any]:
    """A row of `models/candidate_scores` as the lake gives it."""
    fillers = {"string": "x", "long": 9, "int": 1, "double": 0.5, "boolean": True, "date": DAY}
    row = {c.name: None if c.nullable else fillers[c.type] for c in CANDIDATE_SCORES.columns}
    counts = {"train_count": 640, "test_count": 120}
    return {**row, **counts, "candidate": candidate, "rps": rps, **more}


def verdict(candidate: str, is_on_front: bool, is_best: bool = False) -> dict[str, Any]:
    return {
        "ingest_date": DAY,
        "candidate": candidate,
        "is_on_front": is_on_front,
        "is_best": is_best,
        "front_reason": f"why {candidate}",
    }


@pytest.fixture
def document() -> dict[str, Any]:
    verdicts = [verdict("c", True), verdict("a", False), verdict("b", True, True)]
    return pareto_document(verdicts, [score("a", 0.3), score("b", 0.1), score("c", 0.2)])


def test_the_keys_are_fixed(document: dict[str, Any]):
    assert document.keys() == {
        "ingest_date",
        "results",
        "pareto",
        "champion",
        "reason",
        "train_count",
        "test_count",
    }


def test_it_survives_json_with_nulls(document: dict[str, Any]):
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert document["results"][0]["ece"] is None


def test_the_front_the_best_and_every_reason(document: dict[str, Any]):
    assert document["ingest_date"] == "2025-11-08"
    assert document["pareto"] == ["b", "c"]
    assert document["champion"] == "b"
    assert document["reason"] == {"a": "why a", "b": "why b", "c": "why c"}
    assert (document["train_count"], document["test_count"]) == (640, 120)


def test_results_are_all_scores_best_first(document: dict[str, Any]):
    assert [row["name"] for row in document["results"]] == ["b", "c", "a"]
    names = {"name", *CANDIDATE_SCORES.column_names} - {"ingest_date"}
    assert all(row.keys() == names for row in document["results"])
