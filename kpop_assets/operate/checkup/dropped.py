"""Check-up of the inbox: what was dropped there and cannot be taken in.

Belongs here: telling it. Does not belong here: what is taken (landing/inbox.py).
"""

from __future__ import annotations

from kpop_assets.landing.errors import LandingError
from kpop_assets.landing.inbox import left_in_inbox
from kpop_assets.operate.checkup.finding import Finding
from kpop_assets.settings import Settings

_SHOWN = 3


def check_inbox(settings: Settings) -> Finding:
    """Nothing stands in the inbox that will never be taken in."""
    try:
        left = left_in_inbox(settings.landing)
    except LandingError as error:
        return Finding("inbox", "problem", error.what, error.way_out)
    if not left:
        return Finding("inbox", "ok", "nothing stands there that cannot be taken in")
    said = [f"{path.name} ({reason})" for path, reason in list(left.items())[:_SHOWN]]
    more = f"; and {len(left) - _SHOWN} more" if len(left) > _SHOWN else ""
    return Finding(
        "inbox",
        "warning",
        f"{len(left)} stay in landing/inbox: {'; '.join(said)}{more}",
        "mend or move them; what is whole and a landing file is taken in by itself",
    )
