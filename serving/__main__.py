"""`python -m serving`: the HTTP API, on loopback by default, by several processes (`make api`).

Belongs here: how the server starts. Does not belong here: what it answers (app.py), how its
processes are looked after (supervisor.py), or whether its port is free
(kpop_assets/operate/pages.py asks that).
"""

from __future__ import annotations

import argparse
import os
import sys

import uvicorn

from kpop_assets.errors import KpopError
from serving.entrance.access_log import log_settings
from serving.entrance.http_protocol import LimitedHttpProtocol
from serving.metrics.folder import counted_together
from serving.supervisor import Supervisor

APP = "serving.app:app_of_environment"
LOOPBACK = "127.0.0.1"
DEFAULT_PORT, DEFAULT_WORKERS = 8000, 2
LAST_PORT = 65_535
# Requests are spread over processes: threads of their own would only wait for each other.
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"), "1")
# What a graceful stop waits for requests that are being answered.
STOP_SECONDS = 10
# A worker that says nothing for so long hangs and is killed: one that is starting on a busy machine
# may need more than the 5 of uvicorn, and would be killed again and again.
HANG_SECONDS = 15


def main(arguments: list[str] | None = None, app: str = APP) -> None:
    """Serve until a signal ends it; requests of whoever was let in are answered.

    Where it cannot start, one line says why, and the exit code is 1.

    Args:
        arguments: of the command line.
        app: what makes the application of a worker.
    """
    parser = argparse.ArgumentParser(prog="python -m serving")
    parser.add_argument("--host", default=LOOPBACK, help="default: loopback; for containers")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT)
    parser.add_argument("--workers", type=int, default=DEFAULT_WORKERS, help="processes")
    asked = parser.parse_args(arguments)
    if not 0 <= asked.port <= LAST_PORT:
        parser.error(f"--port: from 0 (any that is free) to {LAST_PORT}")
    if asked.workers < 1:
        parser.error("--workers: 1 at least")
    for name, value in _ONE_THREAD.items():
        os.environ.setdefault(name, value)
    # Each worker imports this module anew, and is awaited: it has no use for these.
    from serving.start_checks import check_start

    try:
        check_start()
    except KpopError as error:
        sys.exit(f"kpop: {error}")
    config = uvicorn.Config(
        app,
        factory=True,
        host=asked.host,
        port=asked.port,
        workers=asked.workers,
        http=LimitedHttpProtocol,
        ws="none",
        access_log=False,
        log_config=log_settings(),
        server_header=False,
        timeout_graceful_shutdown=STOP_SECONDS,
        timeout_worker_healthcheck=HANG_SECONDS,
    )
    with counted_together():
        # One worker, too: one that ends is replaced, and the end loses nobody.
        Supervisor(config, [config.bind_socket()]).run()


if __name__ == "__main__":
    main()
