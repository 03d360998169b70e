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
from serving.problems import ProblemError, say_end

router = APIRouter(tags=["service"])
# What keeps a part from answering; None where nothing does.
Question = Callable[[], str | None]


class Readiness:
    """The parts that have to be there before requests are sent here."""

    def __init__(self) -> None:
        self._questions: dict[str, Question] = {}

    def ask(self, part: str, question: Question) -> None:
        """Ask about a part from now on."""
        self._questions[part] = question

    def troubles(self) -> dict[str, str]:
        """What keeps each part from answering."""
        asked = ((part, question()) for part, question in self._questions.items())
        return {part: trouble for part, trouble in asked if trouble}


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
    troubles = request.app.state.readiness.troubles()
    if troubles:
        said = "; ".join(f"{part}: {trouble}" for part, trouble in troubles.items())
        raise ProblemError(503, said, "try again", {"Retry-After": "1"})
    return {"status": "ready"}
