"""What can go wrong with a table or an engine.

Belongs here: the classes, and whether another try may pass. Does not belong here: how a system's
or an engine's own error becomes one of them (foreign.py), or what mends a table (mend.py).
"""

from __future__ import annotations

from kpop_assets.errors import KpopError


class LakeError(KpopError):
    """A table cannot be read or written; the message names it and the way out."""

    # A disk that was full, a bucket that did not answer, another machine that was first.
    may_pass = True


class ContractError(LakeError):
    """A frame does not keep its table's contract."""

    may_pass = False


class MissingTableError(LakeError):
    """A table that is read has not been written yet."""

    may_pass = False


class InUseError(LakeError):
    """Another process holds the lock that is needed."""


class DamagedTableError(LakeError):
    """A table's log or one of its data files is not as it was written.

    Attributes:
        reason: what of it, where the table itself is named already.
    """

    may_pass = False

    def __init__(
        self, what: str, way_out: str = "", *, reason: str = "", may_pass: bool | None = None
    ) -> None:
        super().__init__(what, way_out, may_pass=may_pass)
        self.reason = reason or what


class OlderTableError(LakeError):
    """A table on the disk has another contract than the product, and no rule to go over."""

    may_pass = False


class EngineError(KpopError):
    """The engine cannot be started; the message names what is missing and the way out."""

    # A master or an endpoint may be starting.
    may_pass = True
