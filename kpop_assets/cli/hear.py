"""The command that says what to hear next: recommend.

Belongs here: its arguments, and how an answer and its reasons are printed. Does not belong here:
answers (recommend/service/answer.py), or works near a work (listen.py).
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from kpop_assets.cli.arguments import ArgumentError, Top

if TYPE_CHECKING:
    from kpop_assets.catalog.catalog import Catalog
    from kpop_assets.recommend.bundle.served_bundle import Bundle
    from kpop_assets.recommend.bundle.served_parts import Heard
    from kpop_assets.recommend.service.answer import ListeningAnswer, ListeningWish, RecommendedWork
    from kpop_assets.settings import Settings

Language = Literal["ko", "ja", "en"]
_LAST_HOUR = 23


def recommend(
    user: Annotated[
        str | None,
        typer.Argument(help="A listener, as collectors call them; - reads it from standard input."),
    ] = None,
    seed: Annotated[
        list[str] | None,
        typer.Option(help="A work to go on from: a title, ACT - TITLE, or an id. May be repeated."),
    ] = None,
    act: Annotated[
        list[str] | None, typer.Option(help="An act that one likes. May be repeated.")
    ] = None,
    hour: Annotated[
        int | None,
        typer.Option(min=0, max=_LAST_HOUR, help="Hour of the day in Seoul. Default: now."),
    ] = None,
    language: Annotated[
        Language | None, typer.Option(help="What may be sung in it counts as popular.")
    ] = None,
    top: Top = 10,
) -> None:
    """Print what to hear next, each row with its reason: for a listener, or from works or acts."""
    from kpop_assets.catalog.catalog import load_catalog, overlay_path
    from kpop_assets.days import seoul_now
    from kpop_assets.recommend.bundle.bundle_read import open_bundle
    from kpop_assets.recommend.service.answer import ListeningWish, recommend
    from kpop_assets.settings import load_settings

    settings = load_settings()
    bundle = open_bundle(settings.home)
    acts = load_catalog(overlay=overlay_path(settings.home))
    seeds, of_acts = find_seeds(bundle, acts, seed or [])
    wish = ListeningWish(
        seeds=seeds,
        heard=None if user is None else _heard(settings, bundle, user),
        acts=of_acts + find_acts(bundle, acts, act or []),
        hour=seoul_now().hour if hour is None else hour,
        language=language,
        count=top,
    )
    print_page(bundle, wish, recommend(bundle, wish), is_listener=user is not None)


def find_seeds(bundle: Bundle, acts: Catalog, texts: list[str]) -> tuple[list[int], list[str]]:
    """Items that are meant; of `ACT - TITLE` with a title that nobody knows, the act.

    Raises:
        WorkError: one means nothing that is known, or several.
    """
    from kpop_assets.recommend.works.similar import UnknownWorkError, WorkCatalog

    if not texts:
        return [], []
    works = WorkCatalog(bundle.training_day, bundle.works, bundle.names, acts)
    items, of_acts = [], []
    for text in texts:
        try:
            items.append(works.find(text))
        except UnknownWorkError:
            act, dash, _ = text.partition(" - ")
            name = _act_of(bundle, acts, act) if dash else None
            if name is None:
                raise
            of_acts.append(name)
    return items, of_acts


def find_acts(bundle: Bundle, acts: Catalog, texts: list[str]) -> list[str]:
    """Acts that are meant, as the bundle calls them.

    Raises:
        ArgumentError: one has no work in it.
    """
    found = []
    for text in texts:
        name = _act_of(bundle, acts, text)
        if name is None:
            raise ArgumentError(f"--act {text}: no work of {bundle.training_day} is by that act")
        found.append(name)
    return found


def _act_of(bundle: Bundle, acts: Catalog, text: str) -> str | None:
    from kpop_assets.catalog.names import normalise

    known = acts.find(text)
    whole = known.artist if known else normalise(text)
    shown = [normalise(name) for name in bundle.works["artist_name"]]
    for place, pair in enumerate(zip(bundle.works["artist"], shown, strict=True)):
        if whole in pair:
            return bundle.act_names[int(bundle.acts[place])]
    return None


def _heard(settings: Settings, bundle: Bundle, user: str) -> Heard:
    from kpop_assets.contracts.plays import PLAYS
    from kpop_assets.lake.reader import LakeReader
    from kpop_assets.landing.persons import key_path, person_ids
    from kpop_assets.recommend.service.heard_since import heard_until_now

    given = sys.stdin.readline().rstrip("\n") if user == "-" else user
    if not given.strip():
        raise ArgumentError("no listener is named", "give their id, or - and the id in a line")
    if not key_path(settings.landing).exists():
        raise ArgumentError("no listener was ever taken in here", "check KPOP_HOME")
    listener_id = person_ids(settings.landing, PLAYS.name).id_of(given)
    return heard_until_now(bundle, LakeReader(settings.lake), listener_id)


def print_page(
    bundle: Bundle, wish: ListeningWish, answer: ListeningAnswer, *, is_listener: bool = False
) -> None:
    """A page with its reasons."""
    from kpop_assets.cli.grid import GridColumn, print_grid, print_line

    note = " - SIMULATED DATA" if bundle.manifest.is_simulated else ""
    columns = [
        GridColumn("#"),
        GridColumn("act", is_text=True, least=8),
        GridColumn("title", is_text=True, least=12),
        GridColumn("why", is_text=True, least=16),
        GridColumn("id", is_text=True, rank=1),
    ]
    rows = [
        (str(place), row.work.artist_name, row.work.title, tell_why(row), row.work.work_id)
        for place, row in enumerate(answer.rows, 1)
    ]
    print_grid(
        f"{_title(answer, wish)}, {bundle.manifest.model}, {bundle.version}{note}", columns, rows
    )
    if is_listener and answer.basis == "popular":
        print_line("nothing is known of this listener: what is popular at the hour")
    if not answer.rows:
        print_line("nothing is left to show")


def tell_why(row: RecommendedWork) -> str:
    """A reason in words."""
    reason, because = row.reason, row.because
    named = f"{because.artist_name} - {because.title}" if because else ""
    sound = f": {reason.sound}" if reason.sound else ""
    if reason.kind == "seed":
        return f"near {named}{sound}"
    if reason.kind == "played":
        return f"because you played {named}{sound}"
    if reason.kind == "together":
        return f"who plays {named} plays it too{sound}"
    if reason.kind == "rising" and reason.rise_chance is not None:
        return f"rising: P(rise) {100 * reason.rise_chance:.0f} %"
    if reason.kind == "fresh" and reason.age_days is not None:
        return f"new: {max(reason.age_days, 0):.0f} days old"
    return "many play it"


def _title(answer: ListeningAnswer, wish: ListeningWish) -> str:
    if answer.basis == "seeds":
        return "Near " + "; ".join(f"{one.artist_name} - {one.title}" for one in answer.seeds)
    if answer.basis == "history" and wish.heard is not None:
        count = len(wish.heard)
        return f"For a listener of {count:,} work{'s' if count > 1 else ''}"
    if answer.basis == "choices":
        return f"For who likes {', '.join(wish.acts)}"
    return f"Popular at {wish.hour}:00" if wish.hour is not None else "Popular"
