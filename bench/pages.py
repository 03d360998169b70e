"""What the rules of a page cost against the plain order: both held to the week that followed.

    python -m bench.pages 2026-11-21-cf8e2ff4 [--listeners 700]

Belongs here: pages of a kept bundle of `KPOP_HOME`, and what its listeners first heard in the seven
days after its training. Does not belong here: a page (kpop_assets/recommend/service/answer.py), or
how good each recommender is (`kpop train recommend` says it).

An act at most twice in ten places and likeness to what stands above are there for the listener's
sake, not for the hits; this says what they cost in hits, and what they give.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
import polars as pl
import scipy.sparse as sp

from bench.arguments import make_parser, positive, run
from kpop_assets.contracts.recommend_listening import LISTENER_TRACKS
from kpop_assets.contracts.recommend_rules import (
    CANDIDATE_TIMES,
    LIKELY_TO_RISE,
    PAGE_ITEMS,
)
from kpop_assets.lake.reader import LakeReader
from kpop_assets.recommend.bundle.bundle_read import open_folder
from kpop_assets.recommend.bundle.served_bundle import Bundle
from kpop_assets.recommend.bundle.served_parts import Heard
from kpop_assets.recommend.matrices.bundle_parts import serving_folder
from kpop_assets.recommend.matrices.interactions import Codes
from kpop_assets.recommend.matrices.top_items import NOTHING, best_of
from kpop_assets.recommend.service.answer import ListeningWish, recommend
from kpop_assets.recommend.service.heard_since import heard_tracks
from kpop_assets.recommend.service.page import Offers, compose
from kpop_assets.recommend.service.served_candidates import served_candidates, served_fit
from kpop_assets.recommend.training.ranking_metrics import ranking_scores
from kpop_assets.settings import load_settings

# Lists of twenty are what metrics are made for; a page has ten.
_SHOWN = 20


def main() -> None:
    """Compare the plain order with the page."""
    parser = make_parser("bench.pages", __doc__)
    parser.add_argument("bundle", help="its name, as below KPOP_HOME/serving/recommend")
    parser.add_argument("--listeners", type=positive, default=700)
    args = parser.parse_args()
    settings = load_settings()
    bundle = open_folder(serving_folder(settings.home) / args.bundle)
    came = first_heard(bundle, LakeReader(settings.lake), args.listeners)
    print(f"{bundle.version}, {len(came)} listeners, works first heard in the seven days after")
    print(
        f"{'':16}{'ndcg@10':>9}{'hit@10':>8}{'unlike':>8}{'acts':>6}{'rising':>8}{'coverage':>10}"
    )
    for name, shows in _SHOWS.items():
        print(f"{name:16}{_figures(bundle, came, partial(shows, bundle))}", flush=True)


def first_heard(bundle: Bundle, reader: LakeReader, most: int) -> dict[str, Codes]:
    """Of listeners whom the bundle knows, works that they had never heard before that week."""
    start = bundle.training_day + dt.timedelta(days=1)
    columns = ["user_id", "track_id", "play_count", "last_played_at"]
    rows = reader.rows(LISTENER_TRACKS, start, start + dt.timedelta(days=7), columns)
    found = {}
    for (user_id,), own in (
        rows.filter(pl.col("play_count") > 0)
        .sort("user_id")
        .group_by("user_id", maintain_order=True)
    ):
        heard = bundle.heard(str(user_id))
        fresh = np.setdiff1d(heard_tracks(bundle, own).items, heard.items if heard else [])
        if heard and len(fresh):
            found[str(user_id)] = fresh.astype(np.int32)
    return dict(list(found.items())[:most])


def plain_order(bundle: Bundle, heard: Heard) -> list[int]:
    """The best candidates of all parts, whatever they are."""
    found = served_candidates(bundle, heard, np.full(bundle.learnt_count, -np.inf))
    return found.items[best_of(served_fit(bundle, heard, found), PAGE_ITEMS)].tolist()


def act_rule(bundle: Bundle, heard: Heard) -> list[int]:
    """The same, but an act at most twice: what the page is without its other rules."""
    found = served_candidates(bundle, heard, np.full(bundle.learnt_count, -np.inf))
    first = best_of(served_fit(bundle, heard, found), CANDIDATE_TIMES * PAGE_ITEMS)
    items = found.items[first]
    nothing_alike = np.zeros((len(items), 1))
    fit = -np.arange(len(items), dtype=float)
    is_rising = np.zeros(len(items), dtype=bool)
    offers = Offers(items, fit, items, bundle.acts[items], nothing_alike, is_rising)
    return items[compose(offers, 0)].tolist()


def page(bundle: Bundle, heard: Heard) -> list[int]:
    """What is shown."""
    return [row.work.item for row in recommend(bundle, ListeningWish(heard=heard)).rows]


_SHOWS = {"plain order": plain_order, "act twice": act_rule, "page": page}


def _figures(bundle: Bundle, came: Mapping[str, Codes], shows: Callable[[Heard], list[int]]) -> str:
    relevant = sp.lil_matrix((len(came), len(bundle.works)))
    shown = np.full((len(came), _SHOWN), NOTHING, dtype=np.int32)
    for row, (listener, fresh) in enumerate(came.items()):
        heard = bundle.heard(listener)
        assert heard is not None
        relevant[row, fresh] = 1
        found = shows(heard)
        shown[row, : len(found)] = found
    means = ranking_scores(shown, relevant.tocsr()).means()
    pages = [line[line >= 0] for line in shown]
    alike = [_mean_cosine(bundle, one) for one in pages if len(one) > 1]
    acts = np.mean([len(np.unique(bundle.acts[one])) for one in pages])
    all_shown = np.concatenate(pages)
    rising = (bundle.rise_chances[all_shown] >= LIKELY_TO_RISE).mean()
    coverage = len(np.unique(all_shown)) / len(bundle.works)
    return (
        f"{means['ndcg_10']:>9.4f}{means['hit_10']:>8.3f}{1 - np.mean(alike):>8.3f}"
        f"{acts:>6.2f}{rising:>8.3f}{coverage:>10.3f}"
    )


def _mean_cosine(bundle: Bundle, items: Codes) -> float:
    cosines = bundle.units(items) @ bundle.units(items).T
    return float((cosines.sum() - len(items)) / (len(items) * (len(items) - 1)))


if __name__ == "__main__":
    run(main)
