"""What single environment variables may hold, where that takes more than a line to say.

Belongs here: refusing a value that cannot be used, with its way out. Does not belong here: which
variables there are, and what follows from them (settings.py).
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from kpop_assets.errors import KpopError
from kpop_assets.lake.plain import nearest_there, unusable_sign

# Characters that every engine takes as they are.
_BUCKET_URL = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9_][A-Za-z0-9_.=-]*)*")


class SettingsError(KpopError):
    """A variable has a value that cannot be used; the message names it and the way out."""


def home_folder(text: str) -> Path:
    """The data folder that a variable names; it need not exist."""
    try:
        home = Path(text).expanduser().absolute()
        odd = ((path, unusable_sign(path)) for path in (home, home.resolve()))
        there = nearest_there(home)
        is_folder = stat.S_ISDIR(there.stat().st_mode)
    except OSError as error:
        what = f"KPOP_HOME={text!r} cannot be looked at: {error.strerror}"
        raise SettingsError(what, "mend the permissions of its folders, or name another") from error
    except (RuntimeError, ValueError) as error:
        # Such as `~nobody/data`.
        what = f"KPOP_HOME={text!r} names no folder: {error}"
        raise SettingsError(what, "name another") from error
    for path, sign in odd:
        if sign:
            what = f"KPOP_HOME={str(path)!r} has {sign} in its name, which libraries misread"
            raise SettingsError(what, "name another folder")
    if not is_folder:
        what = f"KPOP_HOME={text} cannot be a folder: {there} is none"
        raise SettingsError(what, "name another")
    if not os.access(there, os.X_OK):
        what = f"KPOP_HOME={text} is another user's: {there} may not be entered"
        raise SettingsError(what, "run as its owner, or name another folder")
    return home


def contact_of(text: str) -> str:
    """How who runs this can be reached, as it may stand in a header; empty is nobody."""
    is_sendable = text.isascii() and text.isprintable() and not re.search(r"[\s()]", text)
    if text and not (is_sendable and re.search(r"[^@]@[^@]|://", text)):
        raise SettingsError(
            f"KPOP_CONTACT={text!r} is no way to reach you",
            "use a mailbox or an address: services want to know whom they answer",
        )
    return text


def application_of(text: str) -> str:
    """Id and secret of an application; empty is none."""
    if text and not re.fullmatch(r"[\x21-\x39\x3b-\x7e]+:[\x21-\x7e]+", text):
        raise SettingsError(
            "KPOP_REDDIT cannot be used", "write it as id:secret of an application Reddit approved"
        )
    return text


def has_usable_port(url: str) -> bool:
    """Whether something can listen where an address says: at a port of 1 to 65535, or at none."""
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def connect_of(env: Mapping[str, str], engine: str) -> str:
    """The address of a server of engine `connect`; of another engine whatever is there."""
    url = env.get("KPOP_CONNECT_URL", "")
    if engine == "connect" and not (url.startswith("sc://") and has_usable_port(url)):
        # What follows the port may hold a token, so it is not named.
        raise SettingsError("KPOP_ENGINE=connect needs KPOP_CONNECT_URL=sc://host:port")
    return url


def servers_of(text: str) -> str:
    """Servers of a cluster, as its client takes them; empty is none."""
    servers = text.split(",") if text else []
    is_server = re.compile(r"[A-Za-z0-9._-]+:[0-9]{1,5}").fullmatch
    if not all(is_server(one) and has_usable_port(f"//{one}") for one in servers):
        raise SettingsError(
            f"KPOP_KAFKA={text!r} names no servers", "write it as host:port[,host:port]"
        )
    return text


def postgres_of(url: str) -> str:
    """Where Dagster's records are; empty is SQLite."""
    # SQLAlchemy takes another driver where none is named, which Dagster's NOTIFY does not run on.
    if url and not url.startswith("postgresql+psycopg2://"):
        raise SettingsError(
            "KPOP_DAGSTER_DB cannot be used",
            "write it as postgresql+psycopg2://user:password@host/db",
        )
    return url


def lake_bucket_of(text: str) -> str:
    """The address of a bucket's prefix; empty is none."""
    url = text.strip().rstrip("/")
    if url and not _BUCKET_URL.fullmatch(url):
        raise SettingsError(
            f"KPOP_LAKE_URL={text!r} is no bucket",
            "use s3://bucket/prefix of plain letters, or leave it empty",
        )
    return url


def dashboard_word(env: Mapping[str, str], name: str) -> str:
    """An id or a secret as a service's dashboard shows it; empty is none."""
    word = env.get(name, "").strip()
    if not re.fullmatch(r"[A-Za-z0-9_-]*", word):
        raise SettingsError(
            f"{name} cannot be used", "set it to what the dashboard shows: letters and digits"
        )
    return word


def quota_share_of(text: str) -> float:
    """Part of each daily quota that may be spent."""
    try:
        share = float(text)
    except ValueError:
        share = 0.0
    if not 0 < share <= 1:
        raise SettingsError(f"KPOP_QUOTA_SHARE={text!r} is no part", "use a number above 0 up to 1")
    return share


def retention_days_of(env: Mapping[str, str], most: int) -> int | None:
    """Age in days from which statistics go; None where they may stay."""
    amendment = env.get("KPOP_YOUTUBE_AMENDMENT", "")
    if amendment not in ("", "accepted"):
        raise SettingsError(
            f"KPOP_YOUTUBE_AMENDMENT={amendment!r} is unknown", "leave it empty, or `accepted`"
        )
    if amendment:
        return None
    text = env.get("KPOP_RETENTION_DAYS") or str(most)
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise SettingsError(
            f"KPOP_RETENTION_DAYS={text!r} is not 1 to {most}",
            "YouTube's terms allow no longer without KPOP_YOUTUBE_AMENDMENT=accepted",
        )
    return int(text)


def key_hashes_of(text: str) -> str:
    """SHA-256 of each key of the API, parted by commas; empty lets everybody in."""
    hashes = [part.strip().lower() for part in text.split(",") if part.strip()]
    if not all(re.fullmatch(r"[0-9a-f]{64}", each) for each in hashes):
        raise SettingsError(
            "KPOP_API_KEYS cannot be used",
            "write the SHA-256 of each key in 64 hexadecimal digits, parted by commas",
        )
    return ",".join(hashes)


def rate_of(text: str) -> float | None:
    """Requests a second of each key, 0 for no limit; None where nothing is said."""
    if not text:
        return None
    try:
        rate = float(text)
    except ValueError:
        rate = -1.0
    if not 0 <= rate <= 1_000_000:
        raise SettingsError(f"KPOP_API_RATE={text!r} is no rate", "use a number from 0 on")
    return rate


def redis_of(url: str) -> str:
    """Where lists that processes share are kept; empty is nowhere."""
    form = r"rediss?://(?:[^\s@/]*@)?([A-Za-z0-9._-]+(?::[0-9]{1,5})?)(?:/[0-9]+)?"
    found = re.fullmatch(form, url)
    if url and not (found and has_usable_port(f"//{found[1]}")):
        raise SettingsError(
            "KPOP_REDIS cannot be used", "write it as redis://[user:password@]host:port[/number]"
        )
    return url
