"""What is asked of the room and what it answers, as the OpenAPI document shows them.

Belongs here: forms and their limits. Does not belong here: routes (answer_routes.py), or an answer
(answer_maker.py).
"""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi.openapi.models import Example
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from kpop_assets.contracts.rising_rules import DEVICES, OTHER_DEVICE

MOST_SHOWN = 50
_MOST_NAMED = 50
_MOST_CLUSTERS, _HIGHEST_CLUSTER = 10, 10_000
_DEVICES_TOLD = f"{', '.join(DEVICES)}; any other counts as {OTHER_DEVICE}."
_Id = Annotated[str, Field(min_length=1, max_length=512)]
Fallback = Literal["late", "busy", "failed", "no_model", "no_key"]


def _number(value: object) -> object:
    """Refuse what would be read as a whole number and is none: "5", true."""
    if isinstance(value, (str, bool)):
        raise ValueError("it is no number")
    return value


_Hour = Annotated[int, Field(ge=0, le=23), BeforeValidator(_number)]
_Cluster = Annotated[int, Field(ge=0, le=_HIGHEST_CLUSTER), BeforeValidator(_number)]
_Count = Annotated[int, Field(ge=1, le=MOST_SHOWN), BeforeValidator(_number)]


EXAMPLES: dict[str, Example] = {
    "a listener": {
        "value": {"user_id": "kim", "n": 10, "context": {"hour": 21, "device": "phone"}}
    },
    "nobody in particular": {"value": {"n": 5, "language": "ko"}},
}


class AnswerContext(BaseModel):
    """In which moment somebody listens."""

    model_config = ConfigDict(extra="forbid")

    hour: _Hour | None = Field(default=None, description="Of the day in Seoul; null is now.")
    device: str | None = Field(default=None, max_length=64, description=_DEVICES_TOLD)


class WantedAnswer(BaseModel):
    """For whom or what something to hear next is sought; the first that says anything counts."""

    model_config = ConfigDict(extra="forbid")

    seeds: list[_Id] = Field(
        default_factory=list, max_length=_MOST_NAMED, description="Ids of works or tracks."
    )
    user_id: _Id | None = Field(None, description="A listener, as they are called in plays.")
    acts: list[_Id] = Field(
        default_factory=list, max_length=_MOST_NAMED, description="Acts that somebody new likes."
    )
    clusters: list[_Cluster] = Field(
        default_factory=list,
        max_length=_MOST_CLUSTERS,
        description="Sounds that somebody new likes, as /v1/onboarding numbers them.",
    )
    n: _Count = Field(10, description="Works that are wanted.")
    context: AnswerContext = Field(default_factory=lambda: AnswerContext())
    language: Literal["ko", "ja", "en"] | None = Field(
        None, description="In which what is popular may be sung; null is any."
    )


class ShownWork(BaseModel):
    """A work as it is shown."""

    work_id: str
    title: str
    artist: str = Field(description="The act as the catalogue calls it, or OTHER.")
    artist_name: str = Field(description="The act as tables of tracks call it.")
    name_en: str | None = Field(description="Name of the act in English; null: not in catalogue.")
    name_ko: str | None = Field(description="Name of the act in Korean; null where unknown.")


class WhyShown(BaseModel):
    """Why a work stands there: one reason, and it is true of this work."""

    kind: Literal["seed", "played", "together", "rising", "fresh", "popular"] = Field(
        description="seed: near `because`. played: the listener played `because`. together: "
        "who plays `because`, which was named or is of an act or a sound that was chosen, plays it "
        "too. rising: its act is likely to rise. fresh: it is new. popular: many play it."
    )
    because: ShownWork | None = Field(
        None, description="The work that was named or played, or is of what was chosen."
    )
    sound: str | None = Field(None, description="What it sounds like.")
    rise_chance: float | None = Field(None, description="P(rise) of its act, 0 to 1.")
    age_days: float | None = Field(None, description="Days since its release.")


class RecommendedRow(ShownWork):
    """One row of a list."""

    rank: int = Field(description="From 1.")
    score: float = Field(description="How well it fits; comparable within a list alone.")
    reason: WhyShown


class Recommended(BaseModel):
    """What to hear next."""

    request_id: str = Field(description="Feedback on the list names it.")
    basis: Literal["seeds", "history", "choices", "popular"]
    fallback: Fallback | None = Field(
        description="Why what is popular stands in for the model's list; null where it does not."
    )
    model: str = Field(description="The serving bundle that answered.")
    is_simulated: bool = Field(description="Whether any of it was learnt from made-up data.")
    cache: Literal["none", "process", "redis"] = Field(description="Where the list was kept.")
    works: list[RecommendedRow]


class NearWork(ShownWork):
    """A work that is near another by what both are."""

    nearness: float = Field(description="Cosine of sound and words, -1 to 1.")


class NearWorks(BaseModel):
    """What is near a work."""

    work: ShownWork
    model: str
    works: list[NearWork]


class SoundToChoose(BaseModel):
    """A cluster of works that sound alike."""

    cluster: int
    sound: str


class Onboarding(BaseModel):
    """What somebody of whom nothing is known may choose from."""

    model: str
    works: list[ShownWork] = Field(description="Well known, and unlike each other: seeds.")
    clusters: list[SoundToChoose]
