"""The one base of every error that the product expects.

Belongs here: what an error has to say, whoever raises it. Does not belong here: the errors of a
room, which derive from it there, or their exit codes (cli/).
"""

from __future__ import annotations


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
