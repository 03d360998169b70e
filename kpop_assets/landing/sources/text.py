"""Files of text as people save them: packed or not, in whichever encoding.

Belongs here: bytes become lines of text, and how that was told. Does not belong here: what stands
in a line (table_rows.py, landing_files.py).

A file is UTF-8 unless it shows otherwise: UTF-16 and UTF-32 by their byte order mark or by the NULs
between ASCII letters. What is not UTF-8 is told line by line, because files are joined: such a line
is carried as surrogates, and read in a code page only where all of it fits one.
"""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from kpop_assets.landing.errors import LandingError, landing_errors

SAMPLE_BYTES = 1 << 20
PACKED_SUFFIX = ".gz"

_GZIP = b"\x1f\x8b\x08"
# The longer marks first: that of UTF-32 begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NATURES = {
    b"PK\x03\x04": "an Excel workbook or a zip archive: save it as CSV UTF-8, or unpack it",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook: save it as CSV UTF-8",
    b"PAR1": "a Parquet file: write it as CSV",
    b"SQLite format 3": "a database: write its table as CSV",
    b"%PDF": "a PDF: get its table as CSV",
    b"\x89PNG": "a picture",
    b"7z\xbc\xaf": "an archive: unpack it",
    b"Rar!": "an archive: unpack it",
    b"BZh": "packed by bzip2: unpack it",
    b"\xfd7zXZ": "packed by xz: unpack it",
    b"\x28\xb5\x2f\xfd": "packed by zstd: unpack it",
}
_UTF8 = ("utf-8", "utf-8-sig")
# A first line of ASCII is enough to see that every second byte is NUL.
_HEAD_BYTES = 64
# Code page 949 holds every Hangul syllable, but people use the 2,350 of KS X 1001 alone; in
# Japanese text read as Korean they are few.
_COMMON_HANGUL = "euc_kr"


def suffix_of(path: Path) -> str:
    """The suffix of a file in lower case, without that of its packing."""
    name = path.name.lower().removesuffix(PACKED_SUFFIX)
    return Path(name).suffix


def stem_of(path: Path) -> str:
    """The name of a file without its suffixes."""
    name = path.name
    if name.lower().endswith(PACKED_SUFFIX):
        name = name[: -len(PACKED_SUFFIX)]
    return Path(name).stem


@contextmanager
def unpacked(path: Path) -> Iterator[IO[bytes]]:
    """A file's bytes; those of a gzip file unpacked, whatever it is called.

    Raises:
        LandingError: It cannot be read, or is cut or damaged.
    """
    with landing_errors("read", path), path.open("rb") as file:
        is_packed = file.read(len(_GZIP)) == _GZIP
        file.seek(0)
        if not is_packed:
            yield file
            return
        try:
            with gzip.GzipFile(fileobj=file) as inner:
                yield io.BufferedReader(inner)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise LandingError(
                f"cannot unpack {path}: {error}", "get the file again, it is cut or damaged"
            ) from error


def is_unpacked_text(path: Path) -> bool:
    """Whether a file's bytes are its text: it is not packed, and of one byte a sign."""
    with landing_errors("read", path), path.open("rb") as file:
        start = file.read(_HEAD_BYTES)
    return not start.startswith(_GZIP) and encoding_of(start) in _UTF8


def nature_of(sample: bytes) -> str:
    """What a file is that is no text, as people call it; empty where nothing shows it."""
    return next((name for start, name in _NATURES.items() if sample.startswith(start)), "")


def sample_of(path: Path) -> bytes:
    """The first bytes of a file, unpacked."""
    with unpacked(path) as file:
        return file.read(SAMPLE_BYTES)


def encoding_of(sample: bytes) -> str:
    """The encoding of a text that begins so; `utf-8` where nothing shows another."""
    for mark, encoding in _MARKS:
        if sample.startswith(mark):
            return encoding
    head = sample[:_HEAD_BYTES]
    half = len(head) // 2
    if half >= 2:
        if head[1::2].count(0) > 0.8 * half and not head[::2].count(0):
            return "utf-16-le"
        if head[::2].count(0) > 0.8 * half and not head[1::2].count(0):
            return "utf-16-be"
    return "utf-8"


def text_lines(path: Path, encoding: str, line_end: str = "\n") -> Iterator[str]:
    """Yield the lines of a file with their ends; bytes that are no UTF-8 as surrogates.

    Raises:
        LandingError: It cannot be read, or not in this encoding.
    """
    errors = "surrogateescape" if encoding in _UTF8 else "strict"
    with unpacked(path) as file:
        try:
            with io.TextIOWrapper(file, encoding, errors, newline=line_end) as text:
                yield from text
        except UnicodeError as error:
            raise LandingError(
                f"cannot read {path} as {encoding.upper()}: {error}",
                "get the file again, or save it as UTF-8",
            ) from error


def line_end_of(sample: str) -> str:
    r"""What ends a line: `\n` (also after `\r`), or `\r` alone where there is no other."""
    return "\r" if "\r" in sample and "\n" not in sample else "\n"


def code_page_of(sample: bytes) -> str | None:
    """The code page in which the lines of a sample that are no UTF-8 can be read, if one fits."""
    odd = [line for line in sample.split(b"\n") if is_in_code_page(_escaped(line))]
    if sample.find(b"\n", SAMPLE_BYTES - 1) < 0 and len(sample) >= SAMPLE_BYTES:
        odd = odd[:-1]
    return page_of_lines(odd)


def page_of_lines(lines: list[bytes]) -> str | None:
    """The code page that fits these lines best; None where none fits one of them."""
    best: tuple[float, str] | None = None
    for page, likely in _PAGES.items():
        read = [text for line in lines if (text := _strictly(line, page)) is not None]
        letters = [char for text in read for char in text if not char.isascii()]
        if not letters:
            continue
        # Of all lines, so that a page which fits a few by chance does not win.
        score = sum(map(likely, letters)) / len(letters) * len(read) / len(lines)
        if score > _LEAST_SCORE and (best is None or score > best[0]):
            best = score, page
    return best[1] if best else None


def is_in_code_page(text: str) -> bool:
    """Whether a line has bytes that are no UTF-8, and far more of them than signs of UTF-8.

    Syllables of a code page are now and then such a sign by chance (of 39,990 Korean reviews in
    cp949 40 % have one); a line of UTF-8 that is damaged has many, and few bytes that are none.
    """
    if text.isascii() or not has_surrogate(text):
        return False
    signs = len(_ONLY_UTF8.findall(text))
    return len(_SURROGATE.findall(text)) >= _ODD_BYTES_OF_A_SIGN * signs


def from_code_page(text: str, page: str) -> str | None:
    """A text with surrogates read in a code page; None where it does not fit."""
    return _strictly(text.encode("utf-8", "surrogateescape"), page)


def has_surrogate(text: str) -> bool:
    """Whether some of it stands as surrogates."""
    return _SURROGATE.search(text) is not None


def _escaped(line: bytes) -> str:
    return line.decode("utf-8", "surrogateescape")


def _strictly(line: bytes, encoding: str) -> str | None:
    if encoding == _WESTERN and not _LATIN_WORDS.fullmatch(line):
        return None
    try:
        return line.decode(encoding)
    except UnicodeDecodeError:
        return None


def _is_common_korean(char: str) -> bool:
    if not "가" <= char <= "힣":
        return False
    # Rare syllables are spelled out in eight bytes there: Japanese read so is full of them.
    return len(char.encode(_COMMON_HANGUL)) == 2


def _is_japanese(char: str) -> bool:
    # Half-width kana are what Korean text looks like in this page.
    return "\u3040" <= char <= "\u30ff" or "\u4e00" <= char <= "\u9fff"


def _is_western(char: str) -> bool:
    return "\u00c0" <= char <= "\u00ff" or char in "‘’“”–—…"


_ONLY_UTF8 = re.compile("[\u0800-\ud7ff\ue000-\U0010ffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
# With 3 all but 0.03 % of those reviews are read, and 0.1 % of as many damaged in UTF-8 misread.
_ODD_BYTES_OF_A_SIGN = 3
_WESTERN = "cp1252"
# Western letters stand inside words, quotes and dashes between them: any other byte is damage.
_LATIN_WORDS = re.compile(
    rb"(?:[\x00-\x7f]|(?<=[A-Za-z])[\xc0-\xfe]|[\xc0-\xfe](?=[A-Za-z])|[\x91-\x97\x85])*"
)
_PAGES = {"cp949": _is_common_korean, "cp932": _is_japanese, _WESTERN: _is_western}
_LEAST_SCORE = 0.4
