"""Whether MLflow's pages are open on this machine: nothing else leads to one.

Belongs here: the question, and the address of a run. Does not belong here: starting the pages
(`make tracking`).
"""

from __future__ import annotations

import re
from contextlib import closing
from http.client import HTTPConnection, HTTPException

HOST, PORT = "127.0.0.1", 5000
RUN_PAGE = f"http://{HOST}:{PORT}/#/runs/"
# A server on the same machine answers in a few milliseconds or is not there.
PATIENCE_SECONDS = 0.3
_RUN_ID = re.compile(r"[0-9a-f]{32}")


def is_tracking_open(port: int = PORT) -> bool:
    """Whether MLflow answers; another program on its port does not count."""
    with closing(HTTPConnection(HOST, port, timeout=PATIENCE_SECONDS)) as asked:
        try:
            asked.request("GET", "/health")
            answer = asked.getresponse()
            return answer.status == 200 and answer.read(8) == b"OK"
        except (OSError, HTTPException):
            return False


def mlflow_address(run_id: str | None) -> str | None:
    """The address of a run; None for what is no id of one."""
    return RUN_PAGE + run_id if run_id and _RUN_ID.fullmatch(run_id) else None
