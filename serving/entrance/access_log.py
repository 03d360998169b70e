"""One line for each answer, with nothing of who asked.

Belongs here: the line and where it goes. Does not belong here: counts and times for Prometheus
(metrics/).

No address, key, query or path stands in it: a path may hold an id of a person. The template of the
route and the request's id are enough to find an answer in the log of recommendations.
"""

from __future__ import annotations

import copy
import logging
from typing import Any

import orjson
from uvicorn.config import LOGGING_CONFIG

ACCESS_LOG = "serving.access"


def log_answer(method: str, route: str, status: int, seconds: float, request_id: str) -> None:
    """Write the line of an answer."""
    told = {
        "method": method,
        "route": route,
        "status": status,
        "ms": round(1000 * seconds, 1),
        "request_id": request_id,
    }
    logging.getLogger(ACCESS_LOG).info("%s", orjson.dumps(told).decode())


def log_settings() -> dict[str, Any]:
    """How processes of the server log: as uvicorn does, and answers to the standard error."""
    told = copy.deepcopy(LOGGING_CONFIG)
    told["formatters"]["answer"] = {"format": "%(asctime)s %(message)s"}
    told["handlers"]["answer"] = {
        "class": "logging.StreamHandler",
        "formatter": "answer",
        "stream": "ext://sys.stderr",
    }
    told["loggers"][ACCESS_LOG] = {"handlers": ["answer"], "level": "INFO", "propagate": False}
    return told
