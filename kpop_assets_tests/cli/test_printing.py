"""Every table that a command prints, at 60, 80 and 120 columns and into a pipe.

Names are long, some in signs of double width, and numbers as large as they can become: nothing may
be cut, no number broken, no line be wider than the terminal.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.cells import cell_len

from kpop_assets.cli import intake_printing, outlook_printing, printing, ranking_printing
from kpop_assets.insights.outlook import Outlook
from kpop_assets.insights.ranking import Ranking
from kpop_assets.landing.files import LandedFile
from kpop_assets.landing.import_summary import ImportSummary
from kpop_assets.landing.youtube.rounds import CollectionReport
from kpop_assets.live.stream import MicroBatch
from kpop_assets.operate.checkup.finding import Finding
from kpop_assets.operate.execution import Outcome
from kpop_assets.settings import Settings

DAY = dt.date(2025, 11, 8)
HUGE = 2_160_789_123_456
NAMES = ["Seo Taiji and Boys", "서태지와 아이들 (Seo Taiji)", "(G)I-DLE"]
TITLE = "[MV] 방탄소년단 - 봄날 (Spring Day) 2,160,789 views, a remix that never seems to end @ 4K"


def ranking(points: int = HUGE) -> None:
    rows = [
        {
            "rank": number,
            "artist": name,
            "tier": 1,
            "total_engagement": points,
            "market_share": 33.3,
            "growth_rate_7d": -12_345.0,
            "growth_rate_30d": 76_543.0,
            "trend_direction": "FALLING",
            "vague_name_share": 100.0,
            "is_vague_only": True,
            "corrected_30d": -points,
        }
        for number, name in enumerate(NAMES, start=1)
    ]
    ranking_printing.print_ranking(Ranking(DAY, rows, True), 20)


def outlook() -> None:
    risers = [
        {
            "artist": name,
            "tier": 4,
            "p_rise": 0.91,
            "p_tier_1": 0.07,
            "rise_rank_change": -12,
            "p_viral": 0.83,
            "horizon_days": 7,
            "candidate": "gradient_boosting_momentum_and_pace",
        }
        for name in NAMES
    ]
    scores = [
        {
            "candidate": "gradient_boosting_momentum_and_pace",
            "accuracy": 0.912,
            "f1": 0.887,
            "rps": 0.0412,
            "rps_skill": 0.31,
            "ece": 0.021,
            "latency_ms": 123_456.7,
            "feat_count": 31,
            "is_on_front": True,
            "is_baseline": False,
            "is_better_than_baselines": False,
        }
    ]
    virals = [
        {
            "artist": name,
            "tier": 4,
            "p_viral": 0.83,
            "viral_rank": 1,
            "viral_rank_change": None,
            "trend_class": "surging",
            "reason_1_name": "pace_change_week",
            "reason_1_value": 2.0,
            "reason_1_effect": 0.4,
            "driving_video_title": TITLE,
            "horizon_days": 7,
            "viral_candidate": "gradient_boosting_momentum_and_pace",
        }
        for name in NAMES
    ]
    shown = Outlook(DAY, virals, None, risers, DAY, scores)
    outlook_printing.print_outlook(shown, 5, True)


def tables_written() -> None:
    outcome = Outcome(["id"], {"silver/artist_windows": HUGE}, {"silver/artist_windows": HUGE})
    printing.print_tables(outcome, 1234.5, Settings(home=Path("/data")))


def findings() -> None:
    text = f"key of the YouTube Data API v3 was refused on {DAY}: {TITLE}"
    found = Finding("YouTube key", "problem", text, "make another in Google's console")
    printing.print_findings([found, Finding("disk", "ok", f"{HUGE:,} bytes are free")])


def collection() -> None:
    printing.print_collection(
        CollectionReport(
            DAY, 2, True, {"search": 46, "units": 123_456}, {"search": 4, "units": HUGE},
            HUGE, 12, 34, {"uploads of channels of acts that are not known yet": 1_234_567},
        )
    )  # fmt: skip


def summary() -> None:
    repairs = Counter({"titles_with_two_encodings": HUGE})
    landed = LandedFile(Path("/data/landing/x.json"), DAY, 1, 1, 1, "")
    intake_printing.print_summary(
        ImportSummary(
            "youtube-trending",
            365,
            HUGE,
            [landed],
            repairs=repairs,
            unread_columns=["critic_score", *(f"column {n}" for n in range(30))],
        )
    )


def batch() -> None:
    leaders = tuple((name, HUGE) for name in NAMES)
    now = dt.datetime(2025, 11, 8, tzinfo=dt.UTC)
    printing.print_progress(MicroBatch(12, 3_456, HUGE, 7, 8, now, leaders))


# What each must show at any width, every word and number of it whole.
SHOWN: dict[Callable[..., None], list[str]] = {
    ranking: [*NAMES, f"{HUGE:,}", "Ranking of 2025-11-08 - SIMULATED DATA"],
    outlook: [*NAMES, "0.0412", "91", "83", "gradient_boosting_momentum_and_pace"],
    tables_written: ["silver/artist_windows", f"{HUGE:,}", "1234.5 s"],
    findings: [TITLE, f"{HUGE:,}", "YouTube key", "problem", "-> make another"],
    collection: ["calls, search", f"{HUGE:,}", "1,234,567", "46"],
    summary: [
        *("titles_with_two_encodings", f"{HUGE:,}", "365"),
        *("columns not read: critic_score, column 0", "and 11 more"),
    ],
    batch: [*NAMES, f"{HUGE:,}", "3,456"],
}


@pytest.mark.parametrize("show", SHOWN, ids=lambda show: show.__name__)
@pytest.mark.parametrize("width", [60, 80, 120, None])
def test_nothing_printed_is_cut(
    show: Callable[..., None],
    width: int | None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.delenv("COLUMNS", raising=False)
    if width:
        monkeypatch.setenv("COLUMNS", str(width))
    show()
    text = capsys.readouterr().out
    assert "…" not in text
    if width:
        assert max(cell_len(line) for line in text.splitlines()) <= width
    for expected in SHOWN[show]:
        if width is None:
            assert expected in text
        assert set(expected.split()) <= set(text.split())


def test_at_80_columns_a_ranking_shows_every_column(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("COLUMNS", "80")
    ranking(2_160_789)
    shown = capsys.readouterr().out
    assert "left out" not in shown
    for word in ("Seo Taiji and Boys", "2,160,789", "-12,345", "+76,543", "FALLING"):
        assert word in shown
