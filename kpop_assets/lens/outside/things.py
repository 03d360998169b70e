"""What a service knows of a thing in the world, in a form that every service shares.

Belongs here: the class, and the types of things. Does not belong here: where they come from
(wikidata.py, knowledge_graph.py), or which one a word means (entity_ranks.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

GROUP, PERSON, SONG, ALBUM, SHOW, FILM = "group", "person", "song", "album", "show", "film"
ORGANISATION, PLACE, EVENT, THING = "organisation", "place", "event", "thing"
# The first that a thing is counts.
TYPES = (GROUP, PERSON, SONG, ALBUM, SHOW, FILM, ORGANISATION, PLACE, EVENT, THING)
# Classes of Wikidata (P31) and of schema.org, as far as they come up in K-POP.
_TYPE_OF = {
    **dict.fromkeys(("Q215380", "Q641066", "Q216337", "Q5741069", "Q2088357", "Q56816954"), GROUP),
    **dict.fromkeys(("Q9212979", "Q109940", "Q4438121", "MusicGroup"), GROUP),
    **dict.fromkeys(("Q5", "Person"), PERSON),
    **dict.fromkeys(("Q7366", "Q134556", "Q105543609", "Q2188189", "MusicRecording"), SONG),
    **dict.fromkeys(("Q482994", "Q169930", "Q208569", "Q108346082", "MusicAlbum"), ALBUM),
    **dict.fromkeys(("Q5398426", "Q15416", "Q1259759", "Q21232614", "Q1555508"), SHOW),
    **dict.fromkeys(("TVSeries", "TVEpisode"), SHOW),
    **dict.fromkeys(("Q11424", "Q24862", "Movie"), FILM),
    **dict.fromkeys(("Q43229", "Q4830453", "Q783794", "Q18127", "Q891723"), ORGANISATION),
    **dict.fromkeys(("Organization", "Corporation"), ORGANISATION),
    **dict.fromkeys(("Q515", "Q6256", "Q486972", "Place", "City", "Country"), PLACE),
    **dict.fromkeys(("Q182832", "Q1656682", "Q27968055", "Event"), EVENT),
}


@dataclass(frozen=True)
class Thing:
    """A thing in the world.

    Attributes:
        wikidata_id: as `Q13580495`.
        name_ko, name_en: its names.
        type: of `TYPES`.
        description_ko, description_en: what it is, in a few words.
        wikipedia_ko, wikipedia_en: titles of its articles.
    """

    wikidata_id: str | None = None
    name_ko: str | None = None
    name_en: str | None = None
    type: str = THING
    description_ko: str | None = None
    description_en: str | None = None
    wikipedia_ko: str | None = None
    wikipedia_en: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Those that are known."""
        return tuple(name for name in (self.name_ko, self.name_en) if name)


def type_of(classes: Iterable[str]) -> str:
    """The type of what belongs to these classes."""
    found = {_TYPE_OF[name] for name in classes if name in _TYPE_OF}
    return next((kind for kind in TYPES if kind in found), THING)
