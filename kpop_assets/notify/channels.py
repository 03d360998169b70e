"""How a notice reaches people: webhook, e-mail, else the log.

Belongs here: sending, and keeping secrets out of whatever is sent or logged. Does not belong here:
what is said (messages.py) or when (wiring/watch.py).

No failure of a channel leaves this module: a notice must never fail a run or a sensor.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import logging
import re
import smtplib
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit

from kpop_assets.errors import KpopError
from kpop_assets.notify.messages import Notice
from kpop_assets.settings import Settings, secrets_of

# A tick of a sensor may take 60 s: three attempts at both channels end before that.
TIMEOUT_SECONDS = 5.0
RETRY_DELAYS_SECONDS = (1.0, 3.0)
SMTP_PORTS = {"smtp": 587, "smtps": 465}
SHOWN_CHARACTERS = 2000
# A part of a webhook's path as long as this is no word but a token.
TOKEN_CHARACTERS = 12

Sleep = Callable[[float], None]
Channel = Callable[[Notice, Settings], None]


class ChannelError(KpopError):
    """A channel did not take the notice; one line says why, without any secret."""

    may_pass = True


def channel_names(settings: Settings) -> list[str]:
    """The channels that the settings name, in order; the log is there if none is."""
    named = {"webhook": settings.notify_webhook, "e-mail": settings.notify_email}
    return [name for name, value in named.items() if value]


def send(
    notices: Iterable[Notice], settings: Settings, log: logging.Logger, sleep: Sleep = time.sleep
) -> list[str]:
    """Give each notice to every channel of the settings, or to the log if none takes it.

    A channel that did not take a notice is not asked again for those after it: a sensor has no
    time to wait for each.

    Args:
        notices: what to say; secrets of the settings in it are blotted out.
        settings: webhook, mail address and SMTP server.
        log: where failures, and notices that nothing else took, are written.
        sleep: waits between attempts.

    Returns:
        Who took the notices, one after the other: `webhook`, `e-mail` or `log`.
    """
    names, took = channel_names(settings), []
    for notice in notices:
        clean = _without_secrets(notice, settings)
        names = [name for name in names if _sent(name, clean, settings, log, sleep)]
        if not names:
            # Titles of videos come from strangers: no line break of theirs begins a line here.
            log.warning(f"{clean.title}: {' | '.join(clean.text.splitlines())}")
        took += names or ["log"]
    return took


def hide_secrets(text: str, settings: Settings) -> str:
    """`text` with every secret of the settings replaced by ***."""
    parts = [part for secret in secrets_of(settings) for part in _secret_parts(secret)]
    forms = {form for part in parts if part for form in (part, unquote(part), quote(part))}
    for secret in sorted(forms, key=len, reverse=True):
        text = text.replace(secret, "***") if len(secret) > 3 else text
    return text


def _secret_parts(secret: str) -> list[str]:
    """A secret and what of it gives it away; most are addresses."""
    url = _split(secret)
    if url is None or not url.netloc:
        # An application's `id:secret` is sent in one, and its secret may be named alone.
        return [secret, secret.partition(":")[2]]
    parts = [secret, url.password or ""]
    # The path is what makes a webhook's address a secret, and libraries name it without the host.
    if url.scheme in ("http", "https", "sc"):
        parts += [url.path.strip("/"), url.query, *(value for _, value in parse_qsl(url.query))]
        parts += [name for name in re.split(r"[/;=&]", url.path) if len(name) >= TOKEN_CHARACTERS]
    return parts


def _without_secrets(notice: Notice, settings: Settings) -> Notice:
    return Notice(
        kind=notice.kind,
        title=" ".join(hide_secrets(notice.title, settings).split())[:200],
        text=hide_secrets(notice.text, settings)[:SHOWN_CHARACTERS],
        day=notice.day,
        artist=notice.artist,
    )


def _sent(name: str, notice: Notice, settings: Settings, log: logging.Logger, sleep: Sleep) -> bool:
    problem = ""
    for delay in (0.0, *RETRY_DELAYS_SECONDS):
        if delay:
            sleep(delay)
        try:
            _CHANNELS[name](notice, settings)
        except ChannelError as error:
            problem = hide_secrets(" ".join(str(error).split()), settings)
            if not error.may_pass:
                break
        else:
            return True
    log.error(f"{name} did not take the notice `{notice.title}`: {problem}")
    return False


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would turn the POST into a GET, and the notice would be lost in silence."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


def post_webhook(notice: Notice, settings: Settings) -> None:
    """POST the notice as JSON.

    Raises:
        ChannelError: the address is none, or the receiver did not answer 2xx in time.
    """
    url = _split(settings.notify_webhook)
    if url is None or url.scheme not in ("http", "https") or not url.hostname:
        raise ChannelError("KPOP_NOTIFY_WEBHOOK is no http(s) address", "mend it", may_pass=False)
    # `text` is what chat services show; the rest is for programs.
    body = {**notice.as_json(), "text": f"{notice.title}\n{notice.text}"}
    request = urllib.request.Request(  # noqa: S310 - http and https only, see above
        settings.notify_webhook,
        data=json.dumps(body, ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json; charset=utf-8", "User-Agent": "kpop"},
    )
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=TIMEOUT_SECONDS):
            pass
    except urllib.error.HTTPError as error:
        error.close()
        may_pass = error.code >= 500 or error.code in (408, 429)
        raise ChannelError(f"the receiver answered {error.code}", may_pass=may_pass) from None
    except urllib.error.URLError as error:
        raise ChannelError(f"no answer from {url.hostname}: {error.reason}") from None
    except (http.client.HTTPException, OSError, ValueError) as error:
        raise ChannelError(f"no answer from {url.hostname}: {type(error).__name__}") from None


def send_mail(notice: Notice, settings: Settings) -> None:
    """Send the notice by the SMTP server of the settings, encrypted when the server offers it.

    Raises:
        ChannelError: no server is set, it did not take the mail, or the password would have gone
            to another machine in clear.
    """
    url = _split(settings.smtp_url)
    if url is None or url.scheme not in SMTP_PORTS or not url.hostname:
        raise ChannelError(
            "e-mail needs KPOP_SMTP_URL=smtp://user:password@host:port", may_pass=False
        )
    try:
        message = _mail(notice, settings.notify_email, url)
        with _connect(url) as server:
            server.send_message(message)
    except smtplib.SMTPAuthenticationError:
        raise ChannelError(f"{url.hostname} refuses user or password", may_pass=False) from None
    except smtplib.SMTPNotSupportedError as error:
        raise ChannelError(f"{url.hostname}: {error}", may_pass=False) from None
    except (smtplib.SMTPException, OSError, ValueError) as error:
        # A refusal may quote what was sent: the kind of error says enough.
        raise ChannelError(f"{url.hostname} did not take it: {type(error).__name__}") from None


def _mail(notice: Notice, to: str, url: SplitResult) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["Subject"] = f"[kpop] {notice.title}"
    user = unquote(url.username or "")
    message["From"] = user if "@" in user else to
    message["To"] = to
    message.set_content(f"{notice.text}\n\n{notice.kind}, {notice.day}\n")
    return message


def _connect(url: SplitResult) -> smtplib.SMTP:
    host, context = url.hostname or "", ssl.create_default_context()
    port = url.port or SMTP_PORTS[url.scheme]
    server: smtplib.SMTP
    if url.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
    is_private = url.scheme == "smtps" or _is_loopback(host)
    try:
        server.ehlo()
        if url.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
            is_private = True
        if url.username and not is_private:
            raise ChannelError(
                f"{host} offers no encryption, the password would be sent in clear",
                "use smtps:// in KPOP_SMTP_URL, or no user",
                may_pass=False,
            )
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
    except (ChannelError, smtplib.SMTPException, OSError):
        server.close()
        raise
    return server


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _split(url: str) -> SplitResult | None:
    """The parts of an address; None for what is none (a bad port or bracket)."""
    try:
        split = urlsplit(url)
        _ = split.port
    except ValueError:
        return None
    return split


_CHANNELS: dict[str, Channel] = {"webhook": post_webhook, "e-mail": send_mail}
