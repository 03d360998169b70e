"""The numbers of what services outside say: the week, weights, how many are asked. Said here alone.

Belongs here: numbers that the formulas and the contracts of signals and entities share. Does not
belong here: what a service grants (lens/outside/services.py), or a formula (lens/).
"""

from __future__ import annotations

# A signal from outside is a week, and its change is that of its last days against its first.
SIGNAL_DAYS = 7
SIGNAL_EDGE_DAYS = 3
# Weights of what answered; each part is its change in percent, moved up by this, from 0 to 100.
SIGNAL_WEIGHTS = {"wiki": 0.4, "news": 0.4, "reddit": 0.2}
SIGNAL_SHIFT_PCT = 50.0
# So many readers or articles a week it takes until their growth is told as a reason.
SIGNAL_TELLING_VIEWS = 1_000
SIGNAL_TELLING_ARTICLES = 20
# Subjects of a day: services that take one request in five seconds allow no more.
SIGNAL_ACTS = 20
SIGNAL_KEYWORDS = 20
# For so long the last good value of a signal is shown as old.
SIGNAL_OLD_DAYS = 28
# What a word is in the world is asked for again after so long; what nobody knew, sooner.
ENTITY_KNOWN_DAYS = 28
ENTITY_UNKNOWN_DAYS = 7
# Certainty of a thing that Wikidata alone has under a word.
WIKIDATA_SCORE = 0.5
