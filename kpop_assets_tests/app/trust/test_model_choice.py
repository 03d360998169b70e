"""The model choice page: candidates of a training, who beats whom, refusals."""

from __future__ import annotations

import datetime as dt
import itertools
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import polars as pl
import pytest

from app.notices import PageEnd
from app.queries.model_choice import (
    compare_candidates,
    find_champion,
    list_trainings,
    newest_training,
)
from app.queries.trust.decisions import weigh_choice, why_not_trained, why_unopposed
from app.queries.trust.tracking import RUN_PAGE, is_tracking_open, mlflow_address
from app.snapshot import Snapshot
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.contracts.models import CANDIDATE_SCORES, TRAININGS
from kpop_assets.contracts.pareto import CHAMPION, FRONT
from kpop_assets.contracts.rules import TIERS
from kpop_assets.ml.dominance import front
from kpop_assets.pareto.objectives import OBJECTIVES
from kpop_assets_tests.app.conftest import OpenPage
from kpop_assets_tests.app.kit import write_rows
from kpop_assets_tests.demo import END

DAY = dt.date(2026, 3, 31)
WEEK = dt.timedelta(days=7)
FIGURES = ("accuracy", "f1", "rps", "latency_ms", "feat_count")


def test_a_dominated_candidate_names_the_one_that_beats_it(tmp_path: Path):
    # Every combination of two values each: all but the best are dominated, most by several.
    values = itertools.product((0.5, 0.6), (0.4, 0.7), (0.05, 0.06), (1.0, 2.0), (3, 9))
    rows = [
        {"name": f"m{number:02}", **dict(zip(FIGURES, row, strict=True))}
        for number, row in enumerate(values)
    ]
    # Two that differ only in name do not beat each other.
    rows.append({**rows[-4], "name": "twin"})
    verdicts = {verdict.name: verdict for verdict in front(rows, OBJECTIVES)}
    scores = [{**row, "candidate": row["name"], "ingest_date": DAY} for row in rows]
    write_rows(tmp_path, CANDIDATE_SCORES, [{k: r[k] for k in r if k != "name"} for r in scores])
    lake = write_rows(
        tmp_path,
        FRONT,
        [
            {"ingest_date": DAY, "candidate": name, "is_on_front": verdict.is_on_front}
            for name, verdict in verdicts.items()
        ],
    )
    found = compare_candidates(lake, DAY)
    by_name = {row["name"]: row for row in rows}
    assert found.height == len(rows)
    for row in found.iter_rows(named=True):
        beaten_by = verdicts[row["candidate"]].dominated_by
        assert row["dominated_by"] == (beaten_by[0] if beaten_by else None)
        if beaten_by:
            winner = by_name[beaten_by[0]]
            better = [name for name in FIGURES if winner[name] != row[name]]
            assert row["better_in"] == better and better
    assert found.get_column("is_on_front").to_list() == sorted(
        found.get_column("is_on_front"), reverse=True
    )
    with pytest.raises(PageEnd, match="no_front"):
        compare_candidates(lake, DAY + WEEK)


def test_only_what_was_known_on_the_day_counts(tmp_path: Path):
    days = [DAY - WEEK, DAY, DAY + WEEK]
    write_rows(tmp_path, CANDIDATE_SCORES, [{"ingest_date": day} for day in days])
    write_rows(tmp_path, TRAININGS, [{"ingest_date": d, "refusal": d.isoformat()} for d in days])
    lake = write_rows(
        tmp_path,
        CHAMPION,
        [{"ingest_date": d, "candidate": d.isoformat(), "trained_date": d} for d in days],
    )
    day = DAY + dt.timedelta(days=6)
    assert list_trainings(lake, day) == (DAY, DAY - WEEK)
    assert newest_training(lake, day)["refusal"] == DAY.isoformat()
    assert find_champion(lake, day)["candidate"] == DAY.isoformat()
    assert find_champion(lake, DAY - 2 * WEEK) is newest_training(lake, DAY - 2 * WEEK) is None


def test_a_champion_reigns_until_60_days_after_its_training(tmp_path: Path):
    # The second training kept the model of the first.
    kept = {"candidate": "m", "trained_date": DAY}
    rows = [{"ingest_date": day, **kept} for day in (DAY, DAY + WEEK)]
    lake = write_rows(tmp_path, CHAMPION, rows)
    last = DAY + dt.timedelta(days=60)
    assert find_champion(lake, last)["ingest_date"] == DAY + WEEK
    assert find_champion(lake, last + dt.timedelta(days=1)) is None


def test_an_old_model_is_said_not_to_forecast(tmp_path: Path, open_page: OpenPage):
    write_rows(tmp_path, ARTIST_FEATURES, [{"ingest_date": DAY, "artist": "IVE"}])
    day = DAY - dt.timedelta(days=61)
    row = {"ingest_date": day, "candidate": "m", "latency_ms": 1.0}
    write_rows(tmp_path, CANDIDATE_SCORES, [row])
    write_rows(tmp_path, FRONT, [{**row, "is_on_front": True, "is_best": True}])
    write_rows(tmp_path, TRAININGS, [{"ingest_date": day}])
    write_rows(tmp_path, CHAMPION, [{"ingest_date": day, "trained_date": day, "is_new": True}])
    said = " ".join(markdown.value for markdown in open_page(tmp_path, "model_choice").markdown)
    assert "older than 60 days" in said
    told = open_page(tmp_path, "simulator").info[0].value
    assert "older than 60 days" in told


def test_the_cost_of_the_choice_is_that_of_the_best_score():
    """Chosen by accuracy; the best score is of a model that Spark alone can run."""
    names = ("candidate", "is_baseline", "is_portable", "is_on_front", "is_best", *FIGURES)
    rows = [
        ("m/all", False, True, True, True, 0.9, 0.8, 0.06, 2.0, 30),
        ("m/few", False, True, True, False, 0.8, 0.7, 0.07, 1.5, 3),
        ("m/fast", False, True, True, False, 0.8, 0.8, 0.08, 0.5, 9),
        ("spark", False, False, True, False, 0.9, 0.7, 0.05, 9.0, 30),
        ("worse", False, True, False, False, 0.5, 0.5, 0.20, 0.1, 1),
        ("stays", True, True, True, False, 0.7, 0.7, 0.01, 0.0, 0),
    ]
    weighed = weigh_choice(pl.DataFrame(rows, names, orient="row"))
    assert weighed.select("candidate", "roles").rows() == [
        ("m/all", ["chosen"]),
        ("spark", ["best_score"]),
        ("m/few", ["fewest_inputs"]),
        ("m/fast", ["fastest"]),
    ]


@pytest.mark.parametrize(
    ("census", "reason"),
    [
        ({"train_day_count": 6}, ("few_days", {"held": 6})),
        ({"train_day_count": 7, "tier_2_count": 0}, ("absent_tiers", {"tiers": "2"})),
        ({"train_day_count": 9}, ("no_origin", {"held": 9})),
    ],
)
def test_why_a_training_was_refused(census: dict[str, int], reason: object):
    counts = {f"tier_{tier}_count": 5 for tier in TIERS}
    assert why_not_trained({**counts, **census}) == reason


@pytest.mark.parametrize(
    ("incumbent", "is_new", "age", "reason"),
    [
        (None, True, 7, "first"),
        ("m", False, 7, "few_contest_days"),
        ("m", True, 61, "too_old"),
        ("m", True, 60, "lost_model"),
    ],
)
def test_why_there_was_no_contest(incumbent: str | None, is_new: bool, age: int, reason: str):
    champion = {"ingest_date": DAY, "incumbent": incumbent, "is_new": is_new}
    before = {"trained_date": DAY - dt.timedelta(days=age)}
    assert why_unopposed(champion, before) == (reason, {})


def test_only_an_id_of_mlflow_becomes_a_link():
    ids = ["0123456789abcdef" * 2, "javascript:alert(1)", "0123456789abcdef" * 2 + "\n", None, ""]
    assert [mlflow_address(run_id) for run_id in ids] == [RUN_PAGE + ids[0]] + [None] * 4


@pytest.mark.parametrize(("answer", "is_open"), [(b"OK", True), (b"Another program", False)])
def test_links_need_a_server_that_is_mlflow(answer: bytes, is_open: bool):
    class Answers(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.handle_request).start()
        assert is_tracking_open(server.server_port) == is_open
    assert not is_tracking_open(server.server_port), "nobody listens any more"


@pytest.mark.parametrize("is_open", [True, False])
def test_the_page(
    is_open: bool,
    full_home: Path,
    full: Snapshot,
    open_page: OpenPage,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("app.queries.trust.tracking.is_tracking_open", lambda: is_open)
    page = open_page(full_home, "model_choice")
    training = list_trainings(full, END)[0]
    champion = find_champion(full, END)
    assert page.selectbox(key="chosen_training").value == training
    said = " ".join(markdown.value for markdown in page.markdown)
    assert champion["trained_date"].isoformat() in said.replace("\\", "")
    table = page.dataframe[-1].value
    compared = compare_candidates(full, training)
    assert table["candidate"].tolist() == compared.get_column("candidate").to_list()
    assert ("mlflow_run_id" in table) == is_open
    if is_open:
        assert table["mlflow_run_id"].str.startswith(RUN_PAGE).all()
    assert any("make tracking" in caption.value for caption in page.caption) != is_open
    for why, winner in zip(table["front_reason"], compared.get_column("dominated_by"), strict=True):
        assert why.startswith(winner or "None is")
    chosen = compared.filter("is_best").item(0, "candidate")
    assert page.dataframe[0].value["candidate"][0] == chosen
    assert chosen in said.replace("\\", "") and "inputs" in said
    page = open_page(full_home, "model_choice", "ko")
    assert page.title[0].value == "모델 선택"


@pytest.mark.parametrize("earlier", [False, True])
@pytest.mark.parametrize(
    ("lang", "why"),
    [("en", "3 days have a known outcome"), ("ko", "결과를 아는 날짜가 3일뿐이며")],
)
def test_a_refused_training_says_why_in_the_readers_language(
    tmp_path: Path, open_page: OpenPage, earlier: bool, lang: str, why: str
):
    write_rows(tmp_path, ARTIST_FEATURES, [{"ingest_date": DAY, "artist": "IVE"}])
    refused = {"ingest_date": DAY, "refusal": "too few", "train_day_count": 3}
    write_rows(tmp_path, TRAININGS, [refused])
    if earlier:
        row = {"ingest_date": DAY - WEEK, "candidate": "m", "latency_ms": 0.0}
        write_rows(tmp_path, CANDIDATE_SCORES, [row])
        verdict = {**row, "is_on_front": True, "is_best": True}
        write_rows(tmp_path, FRONT, [verdict])
    page = open_page(tmp_path, "model_choice", lang)
    boxes = page.warning if earlier else page.info
    assert any(why in box.value for box in boxes)
    assert bool(page.dataframe) == earlier


def test_no_training_is_a_sentence(tmp_path: Path, open_page: OpenPage):
    write_rows(tmp_path, ARTIST_FEATURES, [{"ingest_date": DAY, "artist": "IVE"}])
    write_rows(tmp_path, TRAININGS, [{"ingest_date": DAY + WEEK}])
    write_rows(tmp_path, CANDIDATE_SCORES, [{"ingest_date": DAY + WEEK}])
    page = open_page(tmp_path, "model_choice")
    assert "kpop train" in page.info[0].value
