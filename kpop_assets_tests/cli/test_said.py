"""`kpop voices`: what people say of an act, guarded and not, and by aspect."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kpop_assets.contracts.audience_scores import SUBJECT_SCORES
from kpop_assets.contracts.audience_sentiments import SENTIMENTS
from kpop_assets.contracts.audience_voices import VOICES
from kpop_assets_tests.cli.kit import Kpop, assert_one_line
from kpop_assets_tests.operate.checkup.kit import TODAY, write


def score(measure: str, value: float, plain: float, **more: Any) -> dict[str, Any]:
    return {
        **{"ingest_date": TODAY, "subject_kind": "act", "subject": "IVE", "artist": "IVE"},
        **{"measure": measure, "said_by": "all", "aspect": "all", "score_value": value},
        **{"low": value - 0.1, "high": value + 0.1, "plain_score_value": plain},
        **{"review_count": 120, "weight_sum": 90.5, "down_weighted_count": 30, "left_out": "{}"},
        **{"is_simulated": True, "is_of_youtube": False},
        **more,
    }


def test_an_act_is_told_by_any_of_its_names_with_what_guards_changed(kpop: Kpop, tmp_path: Path):
    write(
        tmp_path / "data" / "lake",
        SUBJECT_SCORES,
        score("net_sentiment", 0.61, -0.12, cohort_value=0.33),
        score("tomatometer", 78.0, 41.0, said_by="user", score_verdict="certified"),
        score("net_sentiment", 0.8, 0.7, aspect="vocal", review_count=40),
    )
    found = kpop("voices", "아이브")
    assert found.code == 0
    for said in ("SIMULATED", "+0.61", "-0.12", "+0.33", "certified", "vocal", "+0.80"):
        assert said in found.out
    assert "30 reviews count less" in found.out
    assert "\n\n\n\n" not in found.out


def test_a_score_next_to_its_limit_is_not_printed_as_the_limit(kpop: Kpop, tmp_path: Path):
    write(
        tmp_path / "data" / "lake",
        SUBJECT_SCORES,
        score("tomatometer", 59.7, 59.7, said_by="user", score_verdict="rotten"),
        score("metascore", 60.5, 60.5, said_by="critic", score_verdict="green"),
    )
    rows = {line.split()[0]: line for line in kpop("voices", "IVE").out.splitlines() if line}
    assert "59.7" in rows["tomatometer"] and "rotten" in rows["tomatometer"]
    assert "60.5" in rows["metascore"] and "green" in rows["metascore"]


def test_who_is_no_act_and_what_nobody_spoke_of_end_in_one_line(kpop: Kpop, tmp_path: Path):
    assert_one_line(kpop("voices", "nobody of the catalogue"), "is no act of the catalogue")
    assert_one_line(kpop("voices", "IVE"), "no subject has been scored yet")
    write(tmp_path / "data" / "lake", SUBJECT_SCORES, score("net_sentiment", 0.6, 0.6))
    assert_one_line(kpop("voices", "A film", "--kind", "title"), "nobody said anything of A film")


def test_what_is_never_quoted_is_counted(kpop: Kpop, tmp_path: Path):
    lake = tmp_path / "data" / "lake"
    write(lake, SUBJECT_SCORES, score("net_sentiment", 0.6, 0.6))
    assert "never quoted" not in kpop("voices", "IVE").out
    said = [
        {
            **{"ingest_date": TODAY, "review_id": f"demo:{number}", "artist": "IVE"},
            **{"subject_kind": "act", "subject": "IVE", "voice_kind": "text"},
            "is_quotable": number != 1,
        }
        for number in range(3)
    ]
    for table in (VOICES, SENTIMENTS):
        names = set(table.column_names)
        write(lake, table, *({k: v for k, v in row.items() if k in names} for row in said))
    assert "never quoted, for abuse or personal data: 1 of 3 comments with words" in " ".join(
        kpop("voices", "IVE").out.split()
    )
