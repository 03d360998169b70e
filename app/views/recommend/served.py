"""The serving bundle as pages look at it: opened once, and whom a typed id means.

Belongs here: keeping it open for as long as it is the one that answers. Does not belong here: what
it answers (kpop_assets/recommend/service/answer.py).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import streamlit as st

from app.notices import PageEnd
from kpop_assets.contracts.plays import PLAYS
from kpop_assets.errors import KpopError
from kpop_assets.lake.reader import LakeReader
from kpop_assets.landing.persons import key_path, person_ids
from kpop_assets.recommend.bundle.bundle_read import open_bundle
from kpop_assets.recommend.bundle.served_bundle import Bundle
from kpop_assets.recommend.bundle.served_parts import Heard
from kpop_assets.recommend.matrices.bundle_parts import (
    CURRENT,
    MANIFEST,
    BundleError,
    serving_folder,
)
from kpop_assets.recommend.service.heard_since import heard_until_now
from kpop_assets.settings import Settings

# Of simulated listeners so many are offered, from the fewest works to the most.
_OFFERED = 12


def open_served(home: Path) -> Bundle:
    """The bundle that answers.

    Raises:
        PageEnd: there is none yet, or it is not whole.
    """
    try:
        return _opened(home, _state(home))
    except BundleError as error:
        raise PageEnd("listener.no_bundle", reason=error.what) from error


def _state(home: Path) -> tuple[str, int] | None:
    """What an open bundle depends on: which one it is, and its manifest, renewed by forgetting."""
    root = serving_folder(home)
    try:
        name = (root / CURRENT).read_text(encoding="utf-8").strip()
        return name, (root / name / MANIFEST).stat().st_mtime_ns
    except (OSError, ValueError):
        # Opening says what is wrong.
        return None


@st.cache_resource(max_entries=2, show_spinner=False)
def _opened(home: Path, state: tuple[str, int] | None) -> Bundle:
    return open_bundle(home)


def heard_by(bundle: Bundle, settings: Settings, given: str) -> Heard | None:
    """What a listener played up to now; None of whom nothing is known.

    Args:
        bundle: what answers.
        settings: where plays lie.
        given: a hashed id, or an id as collectors call the listener.

    Raises:
        PageEnd: ids cannot be hashed here, or the plays cannot be read.
    """
    try:
        heard = heard_until_now(bundle, LakeReader(settings.lake), _id_of(bundle, settings, given))
    except KpopError as error:
        raise PageEnd("listener.no_plays", reason=str(error)) from error
    return heard if len(heard) else None


def _id_of(bundle: Bundle, settings: Settings, given: str) -> str:
    is_hashed = bundle.row_of(given) is not None
    if is_hashed or not key_path(settings.landing).exists():
        return given
    return person_ids(settings.landing, PLAYS.name).id_of(given)


def some_listeners(bundle: Bundle) -> dict[str, int]:
    """Hashed ids of some listeners, from those with the fewest works to the most; with how many."""
    counts = np.diff(bundle.arrays["history_starts"])
    order = np.argsort(counts, kind="stable")
    places = np.unique(np.linspace(0, len(order) - 1, min(_OFFERED, len(order))).astype(int))
    ids = bundle.arrays["listener_ids"]
    return {ids[row].decode(): int(counts[row]) for row in order[places]}
