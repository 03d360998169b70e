"""Ready is what can answer; what was never made is told, and keeps nobody waiting for ever."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kpop_assets.landing.persons import key_path
from kpop_assets.recommend.bundle.bundle_write import write_bundle
from kpop_assets.recommend.matrices.bundle_parts import CURRENT, serving_folder
from kpop_assets.settings import load_settings
from kpop_assets_tests.recommend.bundles import DAY
from kpop_assets_tests.recommend.service.test_unlearnt_works import wide_parts
from kpop_assets_tests.serving.intake.kit import land_one_play
from serving.app import create_app

LATER = DAY + dt.timedelta(days=7)


def asked(home: Path) -> tuple[int, dict[str, str]]:
    """What a process that starts there says."""
    with TestClient(create_app(load_settings({"KPOP_HOME": str(home)}))) as client:
        answer = client.get("/readyz")
    assert str(home) not in answer.text
    return answer.status_code, answer.json()


def damage(home: Path, name: str) -> None:
    """Cut every array of a bundle."""
    for path in (serving_folder(home) / name).glob("*.npy"):
        path.write_bytes(path.read_bytes()[:20])


def test_a_home_without_any_training_is_ready_and_says_what_it_lacks(tmp_path: Path):
    assert asked(tmp_path) == (
        200,
        {
            "status": "ready",
            "recommender": "there is no recommender to answer with yet: "
            "`kpop train recommend` makes one",
        },
    )
    assert not key_path(tmp_path / "landing").exists(), "asking made a key"


def test_a_recommender_that_cannot_be_opened_is_not_ready_unless_one_before_stands_in(
    tmp_path: Path,
):
    first = write_bundle(tmp_path, wide_parts())
    assert asked(tmp_path) == (200, {"status": "ready"})
    damage(tmp_path, write_bundle(tmp_path, wide_parts(training_day=LATER)))
    status, told = asked(tmp_path)
    assert (status, told["status"]) == (200, "ready") and "kpop train" in told["recommender"]
    damage(tmp_path, first)
    status, told = asked(tmp_path)
    assert status == 503 and told["detail"].startswith("recommender: serving/recommend/")


def test_a_name_of_a_recommender_that_is_gone_is_not_ready(tmp_path: Path):
    folder = serving_folder(tmp_path)
    folder.mkdir(parents=True)
    (folder / CURRENT).write_text("2026-11-01-abc")
    status, told = asked(tmp_path)
    assert status == 503 and "names no bundle" in told["detail"]


@pytest.mark.parametrize("fault", ["gone", "cut"])
def test_a_key_that_tells_nobody_from_another_is_not_ready(tmp_path: Path, fault: str):
    land_one_play(tmp_path)
    if fault == "cut":
        key_path(tmp_path / "landing").write_bytes(b"short")
        key_path(tmp_path / "landing").chmod(0o600)
    status, told = asked(tmp_path)
    assert status == 503
    assert told["detail"].startswith(
        f"listeners: listener.key is {'no key' if fault == 'cut' else 'gone'}"
    )
