"""What a page cannot show, as a sentence that a visitor can act on.

Belongs here: the one exception that pages and queries raise for it. Does not belong here: the
sentences themselves (messages/).
"""

from __future__ import annotations


class PageEnd(Exception):  # noqa: N818 - it is no error: the page ends with it
    """A page ends with a sentence.

    Args:
        key: key of the sentence in the message catalogue.
        values: what the sentence's placeholders stand for.
    """

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key, values)
        self.key = key
        self.values = values
