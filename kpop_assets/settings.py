"""Where the product keeps its data and which engine it runs on: the environment, read in one place.

Belongs here: the `KPOP_*` variables, their defaults, and the folders that follow from them.
Does not belong here: sessions (engine/session.py) and anything that writes to a disk.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Literal, cast, get_args
from urllib.parse import urlsplit

from kpop_assets.lake.place import Bucket, Place
from kpop_assets.lake.plain import is_plain
from kpop_assets.variables import (
    SettingsError,
    application_of,
    connect_of,
    contact_of,
    dashboard_word,
    home_folder,
    key_hashes_of,
    lake_bucket_of,
    postgres_of,
    quota_share_of,
    rate_of,
    redis_of,
    retention_days_of,
    servers_of,
)

__all__ = [
    "CHAMPION_METRICS",
    "ENGINES",
    "MOST_RETENTION_DAYS",
    "Engine",
    "Settings",
    "SettingsError",
    "load_settings",
    "secrets_of",
]

Engine = Literal["sail", "spark", "connect"]
ENGINES: tuple[Engine, ...] = get_args(Engine)

CHAMPION_METRICS = ("rps", "accuracy", "f1", "brier", "latency_ms")
# For how long YouTube's developer policies let statistics be stored.
MOST_RETENTION_DAYS = 30


@dataclass(frozen=True)
class Settings:
    """Everything that is configured from outside.

    Attributes:
        home: the data folder (`KPOP_HOME`, default `data/`).
        engine: `sail` (embedded, no Java), `spark` or `connect` (`KPOP_ENGINE`).
        spark_master: master URL of engine `spark` (`KPOP_SPARK_MASTER`, default `local[*]`).
        connect_url: `sc://host:port` of engine `connect` (`KPOP_CONNECT_URL`), which may hold a
            token; never shown.
        champion_metric: by which figure the front's best is chosen (`KPOP_CHAMPION_METRIC`).
        spark_jars: folder with Delta's jars for machines without a package registry
            (`KPOP_SPARK_JARS`); empty means fetch them by coordinates.
        spark_conf: file with settings of engine `spark` (`KPOP_SPARK_CONF`), in the form of
            spark-defaults.conf; they win over the product's.
        youtube_key: key of the YouTube Data API (`KPOP_YOUTUBE_KEY`); never shown.
        youtube_endpoint: another address of that API (`KPOP_YOUTUBE_ENDPOINT`); empty is YouTube.
        quota_share: part of each daily quota that may be spent (`KPOP_QUOTA_SHARE`).
        retention_days: age in days from which statistics of the API are removed
            (`KPOP_RETENTION_DAYS`); None where YouTube's amendment allows to keep them
            (`KPOP_YOUTUBE_AMENDMENT=accepted`).
        notify_webhook: address that gets notices as JSON (`KPOP_NOTIFY_WEBHOOK`); never shown.
        notify_email: address that gets notices by mail (`KPOP_NOTIFY_EMAIL`).
        smtp_url: `smtp://user:password@host:port` that sends them (`KPOP_SMTP_URL`); never shown.
        lake_url: `s3://bucket/prefix` of the tables (`KPOP_LAKE_URL`); empty is below `home`.
        s3_region: the bucket's region (`AWS_REGION`); empty without a bucket.
        dagster_db: `postgresql+psycopg2://user:password@host:port/name` that holds Dagster's runs
            and events (`KPOP_DAGSTER_DB`); empty is SQLite below `home`; never shown.
        redis_url: `redis://user:password@host:port` of a Redis that keeps lists of the API
            (`KPOP_REDIS`); empty is none; never shown.
        has_thumbnails: whether pages show pictures of YouTube's host (`KPOP_THUMBNAILS=1`).
        contact: mailbox or address by which who runs this can be reached (`KPOP_CONTACT`); without
            it Wikipedia, Wikidata, GDELT and the like are not asked.
        kg_key: key of Google's Knowledge Graph (`KPOP_KG_KEY`); never shown.
        reddit: `id:secret` of an application that Reddit approved (`KPOP_REDDIT`); never shown.
        kafka: `host:port[,host:port]` of a Kafka cluster (`KPOP_KAFKA`); empty is none.
        outside_endpoint: another address of all of those and Spotify (`KPOP_OUTSIDE_ENDPOINT`).
        spotify_id: client id of an application of Spotify's (`KPOP_SPOTIFY_ID`).
        spotify_secret: its secret (`KPOP_SPOTIFY_SECRET`); never shown.
        metrics_folder: where the API's processes count together (`PROMETHEUS_MULTIPROC_DIR`, which
            `python -m serving` sets for them); None is a process alone.
        sentiment_model: folder of a checkpoint of transformers that competes in trainings of
            sentiment (`KPOP_SENTIMENT_MODEL`); None is none.
        api_callers: SHA-256 of the key of each caller that the API takes, parted by commas
            (`KPOP_API_KEYS`); empty lets everybody in.
        api_rate: requests a second that each key may ask the API for (`KPOP_API_RATE`), 0 for as
            many as it likes; None is 100 with keys, and no limit without.
    """

    home: Path
    engine: Engine = "sail"
    spark_master: str = "local[*]"
    connect_url: str = field(default="", repr=False)
    spark_jars: str = ""
    spark_conf: str = ""
    champion_metric: str = "rps"
    youtube_key: str = field(default="", repr=False)
    youtube_endpoint: str = ""
    quota_share: float = 0.5
    retention_days: int | None = 30
    notify_webhook: str = field(default="", repr=False)
    notify_email: str = ""
    smtp_url: str = field(default="", repr=False)
    lake_url: str = ""
    s3_region: str = ""
    dagster_db: str = field(default="", repr=False)
    redis_url: str = field(default="", repr=False)
    has_thumbnails: bool = False
    contact: str = ""
    kg_key: str = field(default="", repr=False)
    reddit: str = field(default="", repr=False)
    outside_endpoint: str = ""
    kafka: str = ""
    spotify_id: str = ""
    spotify_secret: str = field(default="", repr=False)
    metrics_folder: Path | None = None
    sentiment_model: Path | None = None
    api_callers: str = ""
    api_rate: float | None = None

    @property
    def collection_store(self) -> Path:
        """SQLite file of the collector: quota spent, pages fetched but not landed yet."""
        return self.home / "collection.db"

    @property
    def landing(self) -> Path:
        """Folder of the landing files."""
        return self.home / "landing"

    @property
    def lake(self) -> Place:
        """Folder or bucket of the Delta tables, `<layer>/<table>`."""
        folder = self.home / "lake"
        return Bucket(self.lake_url, machine=folder) if self.lake_url else folder

    @property
    def artifacts(self) -> Path:
        """Folder of the exported files (filters, cut-offs, features)."""
        return self.home / "artifacts"

    @property
    def viewer(self) -> Path:
        """Folder of what the viewer keeps for its reader: watchlist, visits, the feed's token."""
        return self.home / "viewer"

    @property
    def dagster_home(self) -> Path:
        """Folder of the Dagster instance: runs, schedules, logs."""
        return self.home / "dagster"


def secrets_of(settings: Settings) -> list[str]:
    """The values that are never shown: those of the fields that `repr` leaves out."""
    return [getattr(settings, field.name) for field in fields(settings) if not field.repr]


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from `environ` (default: the process environment).

    Raises:
        SettingsError: a variable has a value that cannot be used.
    """
    env = os.environ if environ is None else environ
    engine = _one_of(env, "KPOP_ENGINE", ENGINES)
    url = connect_of(env, engine)
    lake_url = lake_bucket_of(env.get("KPOP_LAKE_URL", ""))
    region = env.get("AWS_REGION") or env.get("AWS_DEFAULT_REGION") or "us-east-1"
    home = home_folder(env.get("KPOP_HOME") or "data")
    master = env.get("KPOP_SPARK_MASTER") or "local[*]"
    if not (lake_url or is_plain(home)) and _is_elsewhere(engine, master, url):
        raise SettingsError(
            f"KPOP_HOME={home} has other signs than letters, digits, `.`, `_` and `-`",
            "an engine on other machines needs a plain name",
        )
    return Settings(
        home=home,
        engine=cast(Engine, engine),
        spark_master=master,
        connect_url=url,
        spark_jars=env.get("KPOP_SPARK_JARS", ""),
        spark_conf=env.get("KPOP_SPARK_CONF", ""),
        champion_metric=_one_of(env, "KPOP_CHAMPION_METRIC", CHAMPION_METRICS),
        youtube_key=env.get("KPOP_YOUTUBE_KEY", "").strip(),
        youtube_endpoint=env.get("KPOP_YOUTUBE_ENDPOINT", ""),
        quota_share=quota_share_of(env.get("KPOP_QUOTA_SHARE") or "0.5"),
        retention_days=retention_days_of(env, MOST_RETENTION_DAYS),
        notify_webhook=env.get("KPOP_NOTIFY_WEBHOOK", ""),
        notify_email=env.get("KPOP_NOTIFY_EMAIL", ""),
        smtp_url=env.get("KPOP_SMTP_URL", ""),
        lake_url=lake_url,
        s3_region=region if lake_url else "",
        dagster_db=postgres_of(env.get("KPOP_DAGSTER_DB", "")),
        redis_url=redis_of(env.get("KPOP_REDIS", "").strip()),
        has_thumbnails=_one_of(env, "KPOP_THUMBNAILS", ("0", "1")) == "1",
        contact=contact_of(env.get("KPOP_CONTACT", "").strip()),
        kg_key=env.get("KPOP_KG_KEY", "").strip(),
        reddit=application_of(env.get("KPOP_REDDIT", "").strip()),
        outside_endpoint=env.get("KPOP_OUTSIDE_ENDPOINT", ""),
        kafka=servers_of(env.get("KPOP_KAFKA", "").strip()),
        spotify_id=dashboard_word(env, "KPOP_SPOTIFY_ID"),
        spotify_secret=dashboard_word(env, "KPOP_SPOTIFY_SECRET"),
        metrics_folder=Path(counted) if (counted := env.get("PROMETHEUS_MULTIPROC_DIR")) else None,
        sentiment_model=Path(told) if (told := env.get("KPOP_SENTIMENT_MODEL")) else None,
        api_callers=key_hashes_of(env.get("KPOP_API_KEYS", "")),
        api_rate=rate_of(env.get("KPOP_API_RATE", "").strip()),
    )


def _is_elsewhere(engine: str, master: str, connect_url: str) -> bool:
    """Whether an engine's processes are on other machines, as far as its address says."""
    if engine == "connect":
        return urlsplit(connect_url).hostname not in ("localhost", "127.0.0.1", "::1")
    return engine == "spark" and not master.startswith("local")


def _one_of(env: Mapping[str, str], name: str, known: Sequence[str]) -> str:
    """The value of a variable that knows few; the first where it is not set."""
    value = env.get(name) or known[0]
    if value not in known:
        raise SettingsError(f"{name}={value!r} is unknown", f"use one of {', '.join(known)}")
    return value
