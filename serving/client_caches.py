"""What a client, and caches on its way, may keep of an answer that is no one's own.

Belongs here: the header. Does not belong here: what this server keeps (each room).
"""

from __future__ import annotations

_SECONDS = 60


def kept_for_a_minute(is_public: bool) -> str:
    """`Cache-Control` of an answer that is the same for everybody.

    Args:
        is_public: whether anybody may ask: else only who asked keeps it, and no cache between.
    """
    return f"{'public' if is_public else 'private'}, max-age={_SECONDS}"
