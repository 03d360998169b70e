"""What a person may ask landing for: formats, defaults, limits.

Belongs here: what the command line says of them before anything is loaded, so nothing is imported.
Does not belong here: what carries it out (importer.py, sources/, youtube/).
"""

FORMATS = ("landing", "youtube-popular", "youtube-trending", "spotify-chart")

DEMO_SEED = 20_170_101

# All searches of a day together give so many results.
MOST_ITEMS = 5_000
