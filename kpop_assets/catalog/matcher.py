"""Which act a title is about: one function of title, channel and source.

Here belongs the order in which evidence decides. What a title names is found in ``titles``, what a
channel's name says in ``owners``, whom a label credits in ``labels``, who sings and who is a
guest in ``roles``. Nothing here knows an engine or a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import lru_cache

from kpop_assets.catalog.catalog import Catalog
from kpop_assets.catalog.credits import NOBODY, Credit, Doubt, Evidence, Match, Role
from kpop_assets.catalog.finder import Found, Hit, finder_of, has_han_letter
from kpop_assets.catalog.labels import (
    SPOTIFY_SOURCE,
    TOPIC_SUFFIX,
    UNNAMED_TOPICS,
    LabelReader,
)
from kpop_assets.catalog.owners import ChannelName, ChannelReader
from kpop_assets.catalog.roles import Part, Stage, parts_of
from kpop_assets.catalog.senses import NO_CONTEXT, is_asian
from kpop_assets.catalog.shapes import is_bare_title, is_song_title
from kpop_assets.catalog.titles import NOTHING, Mentions, weigh

_NAMES_KEPT = 1 << 16


_GUEST = "no more than a guest or the maker of somebody else's song"
_NOT_ITS_CHANNEL = "the channel's name is an everyday word, or the title is another act's"
_UNNAMED = ChannelName(None, False, False, NO_CONTEXT)


@lru_cache(maxsize=2)
def matcher_of(catalog: Catalog) -> Matcher:
    """The matcher of a catalogue, built once (a fifth of a second)."""
    return Matcher(catalog)


class Matcher:
    """Answers for one catalogue."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._finder = finder_of(catalog)
        self._channels = {
            channel: number for number, act in enumerate(catalog) for channel in act.channels
        }
        self._members = _members(catalog)
        self._channel = lru_cache(_NAMES_KEPT)(ChannelReader(catalog, self._finder).read)
        self._labels = LabelReader(catalog)
        self._label = lru_cache(_NAMES_KEPT)(self._labels.read)

    def match(
        self,
        title: str,
        channel_name: str | None = None,
        channel_id: str | None = None,
        source: str | None = None,
    ) -> Match:
        """Whose title it is.

        In this order: the channel is an act's own, by its id or by its name (a member named in the
        title goes before the group whose channel it is); the label of a Topic channel or of a
        chart's row, which decides alone; the first name in the title that counts; nobody.

        Args:
            title: As the source writes it.
            channel_name: The channel's name, or a chart's artist.
            channel_id: YouTube's id of the channel.
            source: Collector or importer.

        Returns:
            The act, by what it is known, all acts named, and what else it could have been.
        """
        return self.match_all([(title, channel_name, channel_id, source)])[0]

    def match_all(
        self, rows: Sequence[tuple[str, str | None, str | None, str | None]]
    ) -> list[Match]:
        """Whose titles they are: each row is what `match` takes."""
        found = self._finder.find_all([title for title, *_ in rows])
        return [self._match(*row) for row in zip(found, *zip(*rows, strict=True), strict=True)]

    def _match(
        self,
        found: Found,
        title: str,
        channel_name: str | None,
        channel_id: str | None,
        source: str | None,
    ) -> Match:
        label = _label_of(channel_name, source)
        by_id = self._channels.get(channel_id or "")
        if label is not None:
            return self._by_label(found, title, label, by_id, source == SPOTIFY_SOURCE)
        channel = self._channel(channel_name) if channel_name else _UNNAMED
        if by_id is None and channel.owner is None and not found.has_names:
            return NOBODY
        mentions = weigh(found, title, channel.context, self._catalog)
        owner = by_id
        if owner is None and channel.owner and self._is_own(title, channel, found, mentions):
            owner = channel.owner.act
        if owner is not None:
            acts = channel.context.acts | self._family(owner)
            mentions = weigh(found, title, replace(channel.context, acts=acts), self._catalog)
        stage = Stage(self._family(owner), channel.is_label)
        parts = parts_of(mentions, found.line, self._catalog, stage)
        doubts = self._doubts(mentions)
        if owner is not None:
            evidence: Evidence = "channel_name" if by_id is None else "channel_id"
            return self._own(owner, evidence, parts, doubts)
        if channel.owner:
            named = self._name(channel.owner.act)
            doubts = (*doubts, Doubt(named, channel_name or "", _NOT_ITS_CHANNEL))
        return self._by_title(parts, mentions, doubts)

    def _is_own(self, title: str, channel: ChannelName, found: Found, mentions: Mentions) -> bool:
        """Whether a channel that has an act's name is the act's own."""
        owner = channel.owner
        if owner is None:
            return False
        parts = parts_of(mentions, found.line, self._catalog, Stage())
        family = self._family(owner.act)
        if parts and not channel.is_official and parts[0].role == "main":
            # Who is called Jennie and puts up songs of others.
            is_of_others = family.isdisjoint(part.act for part in parts)
            if is_of_others and (owner.surety != "clear" or _is_front(parts[0].hit, found)):
                return False
        if owner.surety == "clear" or any(part.act in family for part in parts):
            return True
        asian = is_asian(found, channel.context)
        is_eastern = asian or has_han_letter(title)
        if (owner.surety == "shared" and is_eastern) or is_song_title(title):
            return True
        if owner.surety != "common" and is_bare_title(title):
            return True
        return found.has_kpop or (asian and (found.has_music or channel.is_official))

    def _own(
        self, owner: int, evidence: Evidence, parts: list[Part], doubts: tuple[Doubt, ...]
    ) -> Match:
        """The channel's act, or the member of it that the title names before the group."""
        family = self._family(owner)
        own = [part.act for part in parts if part.act in family and part.role == "main"]
        # Several members are the group: "1, 3, 2 (JEONGYEON, MINA, TZUYU)".
        are_members = len(own) > 1 and all(self._catalog.acts[act].kind == "solo" for act in own)
        first = owner if are_members or not own else own[0]
        credits = [Credit(self._name(first), "main")]
        credits += [Credit(self._name(part.act), part.role) for part in parts if part.act != first]
        return Match(credits[0].artist, evidence, tuple(credits), doubts)

    def _family(self, owner: int | None) -> AbstractSet[int]:
        """An act and its members."""
        return frozenset() if owner is None else self._members[owner] | {owner}

    def _by_label(
        self, found: Found, title: str, label: str, by_id: int | None, is_chart: bool
    ) -> Match:
        # "Red Velvet - IRENE & SEULGI" holds the sign that parts label and title.
        whole = f"{label} - {title.partition(' - ')[0]}"
        unit = self._labels.whole(whole) if is_chart and label else None
        credited: list[tuple[int, Role]] = self._label(label) if unit is None else [(unit, "main")]
        if by_id is not None:
            owner = Credit(self._name(by_id), "main")
            rest = [Credit(self._name(act), role) for act, role in credited if act != by_id]
            return Match(owner.artist, "channel_id", (owner, *rest))
        mains = [act for act, role in credited if role == "main"]
        if not mains:
            return NOBODY
        mentions = weigh(found, title, NO_CONTEXT, self._catalog) if found.hits else NOTHING
        known = {act for act, _ in credited}
        guests = [
            (part.act, part.role)
            for part in parts_of(mentions, found.line, self._catalog, Stage())
            if part.role == "featured" and part.act not in known
        ]
        # "LOONA / ODD EYE CIRCLE" is the unit's.
        first = next((act for act in mains if act in self._members[mains[0]]), mains[0])
        others = [(act, role) for act, role in (*credited, *guests) if act != first]
        credits = [Credit(self._name(first), "main")]
        credits += [Credit(self._name(act), role) for act, role in others]
        return Match(credits[0].artist, "label", tuple(credits))

    def _by_title(self, parts: list[Part], mentions: Mentions, doubts: tuple[Doubt, ...]) -> Match:
        first = next((part for part in parts if part.role in ("main", "cover_of")), None)
        if first is None:
            guests = [Doubt(self._name(part.act), part.hit.row.spelling, _GUEST) for part in parts]
            named = tuple(Credit(self._name(part.act), part.role) for part in parts)
            return replace(NOBODY, credits=named, doubts=(*guests, *doubts))
        evidence: Evidence = "clear_name" if first.act in mentions.sure else "vague_name"
        credits = tuple(Credit(self._name(part.act), part.role) for part in parts)
        return Match(self._name(first.act), evidence, credits, doubts)

    def _doubts(self, mentions: Mentions) -> tuple[Doubt, ...]:
        return tuple(
            Doubt(self._name(hit.row.act_number), hit.row.spelling, reason)
            for hit, reason in mentions.doubtful
        )

    def _name(self, act: int) -> str:
        return self._catalog.acts[act].artist


def _is_front(hit: Hit, found: Found) -> bool:
    """Whether the title begins with the name, and says lyrics or the like."""
    return found.has_kpop and hit.start == 0


def _label_of(channel_name: str | None, source: str | None) -> str | None:
    """The credit that decides alone, or null where the title has to."""
    if source == SPOTIFY_SOURCE:
        return channel_name or ""
    if channel_name and channel_name.endswith(TOPIC_SUFFIX) and channel_name not in UNNAMED_TOPICS:
        return channel_name.removesuffix(TOPIC_SUFFIX)
    return None


def _members(catalog: Catalog) -> list[frozenset[int]]:
    numbers = {act.artist: number for number, act in enumerate(catalog)}
    members: dict[int, set[int]] = {}
    for number, act in enumerate(catalog):
        if act.group:
            members.setdefault(numbers[act.group], set()).add(number)
    return [frozenset(members.get(number, ())) for number in range(len(catalog))]
