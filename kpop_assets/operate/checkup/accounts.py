"""Check-up of what is outside: the API's key and quota, and who gets notices.

Belongs here: checks of settings against the services they name. Does not belong here: the machine
(machine.py) and the data (data.py).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from urllib.parse import urlsplit

from kpop_assets.errors import KpopError
from kpop_assets.landing.youtube.client import YouTubeClient
from kpop_assets.landing.youtube.errors import KeyRefusedError
from kpop_assets.landing.youtube.quota import Quota, open_ledger
from kpop_assets.net.errors import QuotaSpentError
from kpop_assets.net.ledger import QuotaLedger
from kpop_assets.notify.channels import SMTP_PORTS, channel_names
from kpop_assets.operate.checkup.finding import Finding
from kpop_assets.settings import Settings

# Any video that stays: the first one of the site.
KNOWN_VIDEO = "jNQXAC9IVRw"
LOW_SHARE = 0.1


def check_key(settings: Settings, is_online: bool = False) -> Finding:
    """The key is there; with `is_online` YouTube also accepts it (costs 1 unit of reads)."""
    if not settings.youtube_key:
        return Finding(
            "key",
            "warning",
            "none: nothing is collected from YouTube",
            "set KPOP_YOUTUBE_KEY; demo and imports need none",
        )
    if not is_online:
        return Finding("key", "ok", "set; `kpop doctor --online` asks YouTube, for 1 unit")
    try:
        ledger = open_ledger(settings.collection_store, settings.quota_share)
        client = YouTubeClient(settings.youtube_key, ledger, settings.youtube_endpoint)
        client.videos([KNOWN_VIDEO])
    except KeyRefusedError as error:
        return Finding("key", "problem", str(error), "mend KPOP_YOUTUBE_KEY or the key's project")
    except QuotaSpentError as error:
        return Finding("key", "warning", f"not asked: {error}", "ask again after the reset")
    except KpopError as error:
        return Finding("key", "problem", str(error), "look at the network, then ask again")
    return Finding("key", "ok", "YouTube accepts it")


def check_quota(settings: Settings, opened: Callable[..., QuotaLedger] = open_ledger) -> Finding:
    """Units left today in each bucket, and when they come back."""
    if not settings.collection_store.exists():
        return Finding("quota", "ok", "nothing spent yet")
    try:
        ledger = opened(settings.collection_store, settings.quota_share)
        left = {bucket: (ledger.left(bucket), ledger.ceiling(bucket)) for bucket in Quota}
        said = [bucket for bucket in Quota if ledger.is_exhausted(bucket)]
        reset = f"{ledger.resets_at(Quota.READS):%Y-%m-%d %H:%M} UTC"
    except (KpopError, sqlite3.Error) as error:
        return Finding(
            "quota",
            "problem",
            f"{settings.collection_store.name} cannot be read: {error}",
            "free it, or move it away: then today's spending is forgotten",
        )
    text = ", ".join(f"{bucket} {rest:,} of {most:,}" for bucket, (rest, most) in left.items())
    spent = [bucket for bucket, (rest, most) in left.items() if rest < LOW_SHARE * most]
    if said:
        # Another tool with a key of the same project may have spent it: our share says nothing.
        found = f"YouTube says that {' and '.join(said)} is spent until {reset}; left: {text}"
        return Finding("quota", "warning", found, "wait, or see what else uses the key's project")
    if spent:
        more = ", or raise KPOP_QUOTA_SHARE" * (settings.quota_share < 1)
        advice = f"{', '.join(spent)}: wait for {reset}{more}"
        return Finding("quota", "warning", f"left: {text}", advice)
    return Finding("quota", "ok", f"left: {text}; reset {reset}")


def check_channels(settings: Settings) -> Finding:
    """Somebody gets the notices, and the settings that say who can be used."""
    try:
        smtp, hook = urlsplit(settings.smtp_url), urlsplit(settings.notify_webhook)
        _ = smtp.port, hook.port
    except ValueError:
        smtp = hook = urlsplit("")
    if settings.notify_webhook and not (hook.scheme in ("http", "https") and hook.hostname):
        return _broken("KPOP_NOTIFY_WEBHOOK is no http(s) address")
    if settings.notify_email and not (smtp.scheme in SMTP_PORTS and smtp.hostname):
        return _broken("KPOP_NOTIFY_EMAIL needs KPOP_SMTP_URL=smtp://user:password@host:port")
    if settings.smtp_url and not settings.notify_email:
        return _broken("KPOP_SMTP_URL is set, but KPOP_NOTIFY_EMAIL names nobody")
    names = channel_names(settings)
    if not names:
        return Finding(
            "notices",
            "warning",
            "failures and spikes go to the log alone",
            "set KPOP_NOTIFY_WEBHOOK, or KPOP_NOTIFY_EMAIL and KPOP_SMTP_URL",
        )
    return Finding("notices", "ok", f"to {' and '.join(names)}")


def _broken(text: str) -> Finding:
    return Finding("notices", "problem", text, "mend it: until then notices go to the log")
