"""An S3 server of one's own on loopback, with invented credentials: Versity's gateway.

Belongs here: starting and ending it. Does not belong here: what is kept in it (object_store.py).
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from drills.processes import LOOPBACK, free_port, is_listening


@contextmanager
def serving(program: str, folder: Path) -> Iterator[dict[str, str]]:
    """The gateway with one bucket `lake`; gives the AWS variables that reach it."""
    (folder / "objects" / "lake").mkdir(parents=True)
    port, key, secret = free_port(), secrets.token_hex(8), secrets.token_hex(16)
    command = [program, "--quiet", "--port", f"{LOOPBACK}:{port}", "posix", str(folder / "objects")]
    environ = os.environ | {"ROOT_ACCESS_KEY": key, "ROOT_SECRET_KEY": secret}
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(command, env=environ, stdout=log, stderr=log)
    try:
        _wait_for(port, server)
        yield {
            "AWS_ACCESS_KEY_ID": key,
            "AWS_SECRET_ACCESS_KEY": secret,
            "AWS_ENDPOINT_URL": f"http://{LOOPBACK}:{port}",
            "AWS_REGION": "us-east-1",
            "AWS_ALLOW_HTTP": "true",
        }
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        if server.poll() is not None:
            sys.exit("the S3 server has ended: see its --help, or name another with --server")
        if is_listening(LOOPBACK, port):
            return
        time.sleep(0.1)
    sys.exit("the S3 server does not answer")
