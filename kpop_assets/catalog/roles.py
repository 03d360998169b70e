"""What part each act has that a title names: main, featured, cover_of or mentioned.

Here belongs how titles are put together: guests behind "feat.", "by" behind a cover, an x between
two. Which names count is decided in ``titles``.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from kpop_assets.catalog.catalog import Catalog
from kpop_assets.catalog.credits import Role
from kpop_assets.catalog.cues import (
    COVER_WORDS,
    GUEST_WORDS,
    JOINT_WORDS,
    MAKER_WORDS,
    speaks_of_cover,
)
from kpop_assets.catalog.finder import Hit
from kpop_assets.catalog.titles import Mentions

# "feat. Somebody Else & ROSÉ": so many words may stand between.
_WORDS_BEHIND = 4


@dataclass(frozen=True)
class Part:
    """An act in a title.

    Attributes:
        act: Its number in the catalogue.
        role: What it does there.
        hit: Where it is named.
    """

    act: int
    role: Role
    hit: Hit


@dataclass(frozen=True)
class Stage:
    """Whose channel a title stands on.

    Attributes:
        family: The act whose own channel it is, and its members; empty elsewhere.
        is_label: Whether it is a company's or a broadcaster's, where a cover is by an act.
    """

    family: AbstractSet[int] = frozenset()
    is_label: bool = False


def parts_of(mentions: Mentions, line: str, catalog: Catalog, stage: Stage) -> list[Part]:
    """The acts that a title names, in order, each with its part.

    Args:
        mentions: The names that count.
        line: The title in normal form, a blank before and after.
        catalog: The acts.
        stage: Whose channel it is.

    Returns:
        Without names that are nothing but a piece of another act's name.
    """
    hits = [hit for hit in mentions.hits if not _is_piece(hit, mentions.hits, catalog)]
    parts: list[Part] = []
    for hit in hits:
        parts.append(Part(hit.row.act_number, _role(hit, parts, line), hit))
    if speaks_of_cover(line):
        return _of_cover(parts, line, stage)
    if stage.family and not any(part.act in stage.family for part in parts):
        return [replace(p, role="mentioned") if p.role == "main" else p for p in parts]
    return parts


def _is_piece(hit: Hit, hits: Sequence[Hit], catalog: Catalog) -> bool:
    """A ROSE in The Rose; the group in "BTS Jimin" is no such piece, it is mentioned."""
    acts = catalog.acts
    return any(
        other.holds(hit) and acts[other.row.act_number].group != acts[hit.row.act_number].artist
        for other in hits
    )


def _role(hit: Hit, before: list[Part], line: str) -> Role:
    if any(part.hit.holds(hit) for part in before):
        return "mentioned"
    since = max((part.hit.end for part in before), default=0)
    words = line[since : hit.start].split() if since <= hit.start else []
    near = words[-_WORDS_BEHIND:]
    # "A Day with BTS" is about BTS; who sings is named before a guest.
    if not GUEST_WORDS.isdisjoint(near) and (before or "with" not in near):
        return "featured"
    if not MAKER_WORDS.isdisjoint(near) or (words[-2:] == ["prod", "by"]):
        return "mentioned"
    if not before:
        return "main"
    # Side by side, or with an x or "and" between, they share what the last one has.
    tied = not words or (len(words) == 1 and words[0] in JOINT_WORDS)
    if tied:
        return next(part.role for part in reversed(before) if part.hit.end == since)
    return "mentioned" if any(part.role == "main" for part in before) else "main"


def _of_cover(parts: list[Part], line: str, stage: Stage) -> list[Part]:
    """Who covers, and who is covered."""
    singer = _singer(parts, line, stage)
    rest = [
        part if part.role == "featured" else replace(part, role="cover_of")
        for part in parts
        if part is not singer
    ]
    return [replace(singer, role="main"), *rest] if singer else rest


def _singer(parts: list[Part], line: str, stage: Stage) -> Part | None:
    """Who of those named covers; None where it is somebody else, or whose channel it is."""
    if stage.family:
        return next((part for part in parts if part.act in stage.family), None)
    if len(parts) > 1:
        for part in parts:
            if line[: part.hit.start].endswith(" by"):
                return part
        behind = line[parts[0].hit.end :].split()[:1]
        if stage.is_label or not COVER_WORDS.isdisjoint(behind):
            return parts[0]
    return parts[0] if parts and stage.is_label else None
