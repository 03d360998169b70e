"""`GET /metrics`: all metrics as Prometheus reads them, of all processes of the server.

Belongs here: reading them, and who may. Does not belong here: what is counted (meters.py).
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from pathlib import Path

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from kpop_assets.stopping import is_alive
from serving.entrance.api_keys import ApiKeys, key_said
from serving.metrics.meters import Meters
from serving.problems import ProblemError

router = APIRouter(tags=["service"])
# Who comes through a proxy is not who the address says.
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")


@router.get("/metrics", include_in_schema=False)
def show_metrics(request: Request) -> Response:
    """Metrics in Prometheus' text form, for this machine or whoever has a key."""
    if not (_is_of_this_machine(request) or _has_key(request)):
        way_out = "ask on loopback past any proxy, or send a key as `Authorization: Bearer KEY`"
        raise ProblemError(403, "metrics are for this machine and for who has a key", way_out)
    told = exposition_of(request.app.state.meters)
    return Response(
        told, media_type=CONTENT_TYPE_PLAIN_0_0_4, headers={"Cache-Control": "no-store"}
    )


def exposition_of(meters: Meters) -> bytes:
    """Every metric; where processes count together, of all of them."""
    if meters.folder is None:
        return generate_latest(meters.registry)
    _leave_out_ended(meters.folder)
    registry = CollectorRegistry()
    MultiProcessCollector(registry, str(meters.folder))
    return generate_latest(registry)


def _leave_out_ended(folder: Path) -> None:
    """States of processes that ended are states no more; what they counted still counts."""
    for path in folder.glob("gauge_live*_*.db"):
        found = re.search(r"_(\d+)\.db$", path.name)
        if found and not is_alive(int(found[1])):
            mark_process_dead(int(found[1]), str(folder))


def _has_key(request: Request) -> bool:
    """Whether a key is asked for and sent: no key configured lets nobody in from elsewhere."""
    hashes = [each for each in request.app.state.settings.api_callers.split(",") if each]
    headers = request.headers
    key = key_said(headers.get("authorization", ""), headers.get("x-api-key", ""))
    return bool(key) and ApiKeys(hashes).number_of(key) is not None


def _is_of_this_machine(request: Request) -> bool:
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False
