"""The one base of every error that the product expects.

Belongs here: what an error has to say, whoever raises it. Does not belong here: the errors of a
room, which derive from it there, or their exit codes (cli/).
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager


class KpopError(Exception):
    """Something went wrong that has a name and a way out; anything else is a defect.

    Code decides by the class and the fields, never by the words.

    Args:
        what: what happened, naming the thing; one line without a full stop.
        way_out: what its reader can do about it; empty where nothing helps.
        may_pass: whether another try of the same may succeed, such as after a lock or a full disk;
            None is the class's own answer.

    Attributes:
        what: as given.
        way_out: as given.
        may_pass: as given or by class.
    """

    may_pass: bool = False

    def __init__(self, what: str, way_out: str = "", *, may_pass: bool | None = None) -> None:
        super().__init__(what, way_out)
        self.what = what
        self.way_out = way_out
        if may_pass is not None:
            self.may_pass = may_pass

    def __str__(self) -> str:
        return f"{self.what}: {self.way_out}" if self.way_out else self.what

    def mark(self) -> str:
        """This error as one word, for a way on which only text comes through (an engine's)."""
        fields = [type(self).__name__, self.what, self.way_out, self.may_pass]
        return f"kpop-error:{base64.urlsafe_b64encode(json.dumps(fields).encode()).decode()}:"


_MARK = re.compile(r"kpop-error:([\w=-]+):")


@contextmanager
def marked() -> Iterator[None]:
    """Inside an engine: let an expected error come out as its mark."""
    try:
        yield
    except KpopError as error:
        raise RuntimeError(error.mark()) from error


def from_mark(text: str) -> KpopError | None:
    """The error of which a text has the mark; None where it has none.

    Of a class that is not loaded it is a plain `KpopError`.
    """
    found = _MARK.search(text)
    if found is None:
        return None
    name, what, way_out, may_pass = json.loads(base64.urlsafe_b64decode(found[1]))
    kind = next((one for one in _kinds(KpopError) if one.__name__ == name), KpopError)
    return kind(what, way_out, may_pass=may_pass)


def _kinds(base: type[KpopError]) -> Iterator[type[KpopError]]:
    yield base
    for kind in base.__subclasses__():
        yield from _kinds(kind)
