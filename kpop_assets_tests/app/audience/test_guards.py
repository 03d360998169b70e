"""The page Guards: what counts less, of what and why, and that nobody is named."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import polars as pl
import pytest

from app.charts.audience.counts import draw_counts
from app.messages.catalogue import LANGUAGES, load_messages, plain
from app.notices import PageEnd
from app.queries.audience import guards
from app.snapshot import Snapshot
from kpop_assets.contracts.audience_scores import GUARDS, REASONS, SUBJECT_SCORES
from kpop_assets_tests.app.conftest import OpenPage
from kpop_assets_tests.app.kit import DAY, days_ago, read_cells, write_rows

AT = dt.datetime(2026, 3, 9, 3, tzinfo=dt.UTC)


def weighed(number: int, weight: float, *reasons: str, **more: Any) -> dict[str, Any]:
    return {
        **{"ingest_date": DAY, "review_id": f"demo:{number}", "source": "demo"},
        **{"is_simulated": True, "subject_kind": "video", "subject": "v1", "artist": "IVE"},
        **{"created_at": AT + dt.timedelta(minutes=number), "pole": "low", "burst": 1},
        **{"weight": weight, "weight_reasons": json.dumps(reasons)},
        **more,
    }


def write_guards(home: Path) -> Snapshot:
    """A burst of ten with six planted, one earlier word, and one that counts whole."""
    rows = [weighed(n, 0.05, "copied", *(["utmost"] if n < 3 else [])) for n in range(6)]
    rows += [weighed(n, 1.0) for n in range(6, 10)]
    rows += [weighed(11, 0.0, "earlier_word", burst=0), weighed(12, 1.0, burst=0, pole="high")]
    # What was said of a review before counts no longer.
    rows += [weighed(0, 1.0, ingest_date=days_ago(1))]
    scored = {
        **{"ingest_date": DAY, "subject_kind": "video", "subject": "v1", "artist": "IVE"},
        **{"said_by": "all", "aspect": "all", "left_out": "{}"},
    }
    scores = [
        {**scored, "measure": "net_sentiment", "score_value": 0.5, "plain_score_value": -0.1},
        {**scored, "measure": "weighted_rating", "score_value": 7.25, "plain_score_value": 3.5},
    ]
    write_rows(home, SUBJECT_SCORES, scores)
    return write_rows(home, GUARDS, rows)


def test_a_burst_with_a_campaign_is_told_with_what_it_lost(tmp_path: Path):
    [row] = guards.list_campaigns(write_guards(tmp_path), None).to_dicts()
    assert (row["subject"], row["pole"], row["review_count"]) == ("v1", "low", 10)
    assert row["weight_sum"] == pytest.approx(4.3)
    assert json.loads(row["guard_reasons"]) == ["copied", "utmost"]
    assert (row["net_sentiment"], row["plain_net_sentiment"]) == (0.5, -0.1)
    assert (row["weighted_rating"], row["plain_weighted_rating"]) == (7.25, 3.5)
    assert row["began_at"] == AT


def test_reasons_are_counted_of_what_counts_less_alone(tmp_path: Path):
    found = dict(guards.count_guard_reasons(write_guards(tmp_path), None).iter_rows())
    assert found == {"copied": 6, "utmost": 3, "earlier_word": 1}


def test_before_any_review_was_weighed_the_page_says_so(tmp_path: Path):
    with pytest.raises(PageEnd) as told:
        guards.list_campaigns(Snapshot(write_guards(tmp_path).settings), days_ago(9))
    assert told.value.key == "guards.none"


def test_every_reason_has_words():
    messages = load_messages()
    assert all(f"guards.reason_{reason}" in messages for reason in REASONS)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_shows_bursts_and_reasons_and_no_review(
    tmp_path: Path, open_page: OpenPage, lang: str
):
    write_guards(tmp_path)
    page = open_page(tmp_path, "guards", lang)
    assert not page.exception
    words = [plain(lang, f"guards.short_{reason}") for reason in ("copied", "utmost")]
    assert read_cells(page.dataframe[0], "guard_reasons") == [", ".join(words)]
    assert read_cells(page.dataframe[0], "net_sentiment") == ["+0.50"]
    said = "\n".join(element.value.replace("\\", "") for element in page.markdown)
    assert "demo:1" not in said
    for part in (", ".join(words), "2026-03-09 12:00", "+0.50", "−0.10", "7.25", "3.50"):
        assert part in said


def test_a_campaign_about_a_film_leads_to_what_people_say_of_it(
    tmp_path: Path, open_page: OpenPage
):
    film = {"subject_kind": "title", "subject": "A film", "artist": "OTHER"}
    write_rows(tmp_path, GUARDS, [weighed(n, 0.05, "copied", **film) for n in range(6)])
    page = open_page(tmp_path, "guards")
    [link] = [one for one in page.get("page_link") if "A film" in one.proto.label]
    asked = {"lang": ["en"], "of": ["titles"], "title": ["title:A film"]}
    assert parse_qs(link.proto.query_string) == asked


def test_a_single_reason_has_a_bar_that_can_be_seen():
    counts = pl.DataFrame({"reason": ["copied"], "review_count": [25]})
    drawn = draw_counts(counts, "reason", "review_count", {"reason": "", "review_count": ""})
    # The axis and its title take about 80 pixels.
    assert drawn.to_dict()["height"] >= 110
