"""`artifacts/pareto.json`: the front of the newest training for other programs.

Belongs here: the document's form. Does not belong here: how the front is found (ml/dominance.py).
"""

from __future__ import annotations

from typing import Any


def pareto_document(verdicts: list[dict[str, Any]], scores: list[dict[str, Any]]) -> dict[str, Any]:
    """The content of `pareto.json`: results, pareto, reason, train_count, test_count."""
    results = [
        {"name": row["candidate"], **{k: v for k, v in row.items() if k != "ingest_date"}}
        for row in sorted(scores, key=lambda row: row["rps"])
    ]
    best = next(row for row in verdicts if row["is_best"])
    return {
        "ingest_date": best["ingest_date"].isoformat(),
        "results": results,
        "pareto": sorted(row["candidate"] for row in verdicts if row["is_on_front"]),
        "champion": best["candidate"],
        "reason": {row["candidate"]: row["front_reason"] for row in verdicts},
        "train_count": scores[0]["train_count"],
        "test_count": scores[0]["test_count"],
    }
