"""What a person may ask landing for: formats, defaults, limits.

Belongs here: what the command line says of them before anything is loaded, so nothing is imported
but, when it is asked for, the contracts. Does not belong here: what carries it out (importer.py,
sources/, youtube/).
"""

# Those of others' files; each is read as lines of one kind.
FOREIGN_FORMATS = (
    *("youtube-popular", "youtube-trending", "spotify-chart", "spotify-tracks"),
    *("plays", "movielens", "lastfm", "reviews"),
)

DEMO_SEED = 20_170_101
# Of a simulated day: lines about plays, and listeners who are there.
DEMO_PLAYS = 4_000
DEMO_LISTENERS = 2_000
# Comments and ratings of a simulated day.
DEMO_REVIEWS = 100
# More a day than a simulated listener can hold without playing two at once.
MOST_PLAYS_OF_ONE = 20

# All searches of a day together give so many results.
MOST_ITEMS = 5_000


def landing_format(kind: str) -> str:
    """The format of landing files as they are: `landing` for events, else `landing-<kind>`."""
    return "landing" if kind == "events" else f"landing-{kind}"


def formats() -> tuple[str, ...]:
    """Every format that `kpop import` knows."""
    from kpop_assets.contracts.registry import RECORDS

    return (*(landing_format(record.kind) for record in RECORDS), *FOREIGN_FORMATS)
