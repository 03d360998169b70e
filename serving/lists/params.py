"""Parameters that several lists have.

Belongs here: one meaning for one name in all addresses. Does not belong here: what a list does with
them, or day, form and page, which every list has (list_routes.py).
"""

from __future__ import annotations

from kpop_assets.insights.video_lists import SCOPES
from serving.lists.entries import Param

ARTIST = Param(
    "name",
    str,
    ...,
    "An act by any of its names, in English or Korean, whatever case and punctuation.",
    example="BTS",
    is_act=True,
)
VIDEO = Param("video_id", str, ..., "A video's id.", most_letters=64, example="none_such")
SCOPE = Param(
    "scope", str, SCOPES[0], "Videos of acts alone, or of everybody that was seen.", SCOPES
)
SPAN = Param(
    "days", int, 28, "How many days are looked at, the last of them the day asked for.", (), 1, 366
)
