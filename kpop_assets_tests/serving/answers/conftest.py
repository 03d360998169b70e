"""A data folder with the small bundle, and the application over it on a real clock."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kpop_assets.contracts.plays import PLAYS
from kpop_assets.landing.persons import person_ids
from kpop_assets.recommend.bundle.bundle_write import write_bundle
from kpop_assets.settings import load_settings
from kpop_assets_tests.recommend.bundles import LISTENER_IDS
from kpop_assets_tests.recommend.service.test_unlearnt_works import wide_parts
from serving.app import create_app

KNOWN = "kim"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """One of the bundle's listeners is `kim`."""
    folder = tmp_path / "home"
    folder.mkdir()
    ids = sorted(
        [*LISTENER_IDS[:-1].tolist(), person_ids(folder / "landing", PLAYS.name).id_of(KNOWN)]
    )
    write_bundle(folder, wide_parts(listener_ids=ids))
    return folder


@pytest.fixture
def client(home: Path) -> Iterator[TestClient]:
    """The whole application; a busy machine makes no list late."""
    app = create_app(load_settings({"KPOP_HOME": str(home)}))
    app.state.answers.lists.late_seconds = 60.0
    with TestClient(app) as told:
        yield told
