"""What an answer of the matcher is made of.

Here belong its parts and how they are written into a table; how they are found is in ``matcher``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal

from kpop_assets.catalog.catalog import OTHER

Role = Literal["main", "featured", "cover_of", "mentioned"]
Evidence = Literal["channel_id", "channel_name", "label", "clear_name", "vague_name", "none"]
EVIDENCE: tuple[Evidence, ...] = (
    "channel_id",
    "channel_name",
    "label",
    "clear_name",
    "vague_name",
    "none",
)
"""Kinds of evidence, the surest first."""


@dataclass(frozen=True)
class Credit:
    """An act that a title names, and its part."""

    artist: str
    role: Role


@dataclass(frozen=True)
class Doubt:
    """What a title could also have meant.

    Attributes:
        artist: The act.
        spelling: What stands in the title or in the channel's name.
        reason: Why it is not the answer.
    """

    artist: str
    spelling: str
    reason: str


@dataclass(frozen=True)
class Match:
    """The answer.

    Attributes:
        artist: The act that the title counts for, or ``OTHER``.
        evidence: By what it is known.
        credits: Every act named, in order: guests too of somebody who is no act.
        doubts: What else it could have been.
    """

    artist: str
    evidence: Evidence
    credits: tuple[Credit, ...] = ()
    doubts: tuple[Doubt, ...] = ()


NOBODY = Match(OTHER, "none")


def artists_json(answer: Match) -> str:
    """The acts of a title as the column `artists` has them."""
    acts = [{"artist": credit.artist, "role": credit.role} for credit in answer.credits]
    return json.dumps(acts, ensure_ascii=False, separators=(",", ":"))
