"""Whether this process can answer: what each room says of itself, and `/healthz`, `/readyz`.

Belongs here: asking the rooms. Does not belong here: what a room needs (it adds a question).
"""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Request

from app.notices import PageEnd
from app.snapshot import Snapshot
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.settings import Settings
from serving.problems import ProblemError, home_of, say_end, without_home

router = APIRouter(tags=["service"])
# What keeps a part from answering; None where nothing does.
Question = Callable[[], str | None]


class Readiness:
    """The parts that have to be there before requests are sent here."""

    def __init__(self) -> None:
        self._questions: dict[str, Question] = {}
        self._notes: dict[str, Question] = {}

    def ask(self, part: str, question: Question) -> None:
        """Ask about a part from now on."""
        self._questions[part] = question

    def tell(self, part: str, question: Question) -> None:
        """Tell from now on of what a part lacks without which requests may be sent here."""
        self._notes[part] = question

    def troubles(self) -> dict[str, str]:
        """What keeps each part from answering."""
        return _answered(self._questions)

    def notes(self) -> dict[str, str]:
        """What parts lack that answer all the same."""
        return _answered(self._notes)


def _answered(questions: dict[str, Question]) -> dict[str, str]:
    asked = ((part, question()) for part, question in questions.items())
    return {part: told for part, told in asked if told}


def tables_trouble(settings: Settings) -> str | None:
    """What keeps tables from being read; that there are none yet is no trouble."""
    try:
        Snapshot(settings).version(ARTIST_FEATURES)
    except PageEnd as end:
        return say_end(end, "en")
    return None


@router.get("/healthz", summary="Whether this process answers")
def tell_alive() -> dict[str, str]:
    """Whether this process answers."""
    return {"status": "ok"}


@router.get("/readyz", summary="Whether this process can answer what it is for")
def tell_ready(request: Request) -> dict[str, str]:
    """Whether this process can answer what it is for."""
    asked: Readiness = request.app.state.readiness
    if troubles := asked.troubles():
        said = "; ".join(f"{part}: {trouble}" for part, trouble in troubles.items())
        raise ProblemError(503, said, "try again", {"Retry-After": "1"})
    notes = {part: without_home(note, home_of(request)) for part, note in asked.notes().items()}
    return {"status": "ready", **notes}
