"""Tables whose files are not as they were written: how it is noticed, and what mends them.

Belongs here: looking at the files of a table, and the way out for each table. Does not belong
here: reading rows (reader.py).

A day that is run again replaces its data files without reading them, so a damaged data file is
mended by running its day. A damaged log says no more which files are the table's, so all of its
days have to be run again into an empty folder.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable

from kpop_assets.contracts import retention
from kpop_assets.contracts.registry import tables_of_rhythm

# What a training decided; it would not be decided again as it was.
_DECIDED = {table.path for table in tables_of_rhythm("weekly")}
_DATA_FILE = re.compile(r"(\w+/\w+)/ingest_date=([0-9-]{10})/([\w.-]+\.parquet)")
# How engines begin to say that bytes are no Parquet.
_NO_PARQUET = re.compile(
    r"Parquet (?:argument )?error|Parquet input source|is not a Parquet file|deserialize thrift"
    r"|FAILED_READ_FILE|CANNOT_READ_FILE|PARQUET_"
)


def first_line(error: Exception) -> str:
    """The first line of a message, or the error's name where it has none."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0].strip()


def mend_days(path: str, days: Iterable[str]) -> str:
    """What mends a table `layer/name` of which data files of some days are damaged."""
    if path == retention.PURGES.path:
        return _restore_marks()
    known = sorted(set(days))
    first, last = (known[0], known[-1]) if known else ("START", "END")
    if path in _DECIDED:
        return f"restore its folder from a backup, or decide anew with `kpop train {first}`"
    return f"run `kpop run {first} {last} --select {path}`"


def mend_table(path: str) -> str:
    """What mends a table `layer/name` whose log is damaged."""
    if path == retention.PURGES.path:
        return _restore_marks()
    if path in _DECIDED:
        return (
            "restore its folder from a backup, or move it away and decide anew with "
            "`kpop train DAY`"
        )
    return (
        "restore its folder from a backup, or move it away and run all of its days again: "
        f"`kpop run START END --select {path}`"
    )


def _restore_marks() -> str:
    # Without them a run would compute purged days anew, from what the purge has left.
    return "restore its folder from a backup before anything is run; it says which days were purged"


def damage_in(text: str) -> str | None:
    """One line for an engine's message about a damaged data file; None if it is about another."""
    if not _NO_PARQUET.search(text):
        return None
    named = _DATA_FILE.search(text)
    if named:
        return file_damage(*named.groups())
    line = text.strip().splitlines()[0].strip()
    return f"a table that it reads is damaged ({line[:160]}): `kpop doctor --files` says which"


def file_damage(path: str, day: str, name: str) -> str:
    """One line for a damaged data file of the table `layer/name`."""
    return f"table {path} cannot be read: {name} of {day} is damaged: {mend_days(path, [day])}"


def log_damage(folder: Path) -> str | None:
    """What is wrong with a table's log that a reader may not notice; None if nothing is.

    A commit that a power cut left empty is read as one that changed nothing, and a table without
    any log as one that was never written.
    """
    # A clean-up may take old entries away behind a new checkpoint while they are listed.
    return _log_damage(folder) and _log_damage(folder)


def _log_damage(folder: Path) -> str | None:
    commits: dict[int, int] = {}
    checkpoint = -1
    for path in (folder / "_delta_log").glob("*"):
        number, _, kind = path.name.partition(".")
        if number.isdigit() and kind == "json":
            commits[int(number)] = path.stat().st_size
        elif number.isdigit() and kind == "checkpoint.parquet":
            checkpoint = max(checkpoint, int(number))
    if not commits and checkpoint < 0:
        has_data = any(folder.glob("ingest_date=*/*.parquet"))
        return "it has data files and no log" if has_data else None
    for version in range(checkpoint + 1, max(commits, default=0) + 1):
        if not commits.get(version):
            state = "empty" if version in commits else "missing"
            return f"{version:020}.json of its log is {state}"
    return None


def damaged_files(table: DeltaTable, folder: Path, is_deep: bool) -> dict[str, str]:
    """Data files of the newest version that are damaged: the day of each, by name.

    Args:
        table: the table.
        folder: where it lies.
        is_deep: whether to read every file; else only its size is looked at.
    """
    actions = pa.table(table.get_add_actions(flatten=True)).to_pylist()
    return {
        action["path"].rpartition("/")[2]: str(action["partition.ingest_date"])
        for action in actions
        if _is_damaged(folder / action["path"], action["size_bytes"], is_deep)
    }


def _is_damaged(path: Path, size: int, is_deep: bool) -> bool:
    if not path.exists() or path.stat().st_size != size:
        return True
    if not is_deep:
        return False
    try:
        with pq.ParquetFile(path) as file:
            for number in range(file.num_row_groups):
                file.read_row_group(number, use_threads=False).validate(full=True)
    except (OSError, pa.ArrowException):
        return True
    return False
