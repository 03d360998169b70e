"""Does the API answer whatever its own description allows, and what it does not, without a defect?

    python -m drills.api_schema [--home FOLDER] [--requests 40] [--seed 0]

Belongs here: requests that schemathesis makes up from `openapi.json`, sent to a real server, and
the account of its answers. Does not belong here: what single routes answer (tests).

For each operation half of the requests are as the document says and half are not. An answer of
500 or more is a defect, but for 503, which says what is not there yet; so is an answer in a form
that the document does not have. The home is a copy: requests may write to it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.errors import FailureGroup

from drills.processes import ROOT, free_port

_READY_SECONDS = 90
# That bad requests are refused, and good ones answered, is not asked: an act may not be there.
_CHECKS = [
    schemathesis.checks.status_code_conformance,
    schemathesis.checks.content_type_conformance,
    schemathesis.checks.response_schema_conformance,
]
_MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


@dataclass
class SchemaAccount:
    """What was sent, and what came back.

    Attributes:
        operations: of the document.
        statuses: answers by status.
        defects: the first words of each defect, by operation.
    """

    operations: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    defects: list[str] = field(default_factory=list)

    @property
    def sent(self) -> int:
        """Requests that were answered."""
        return self.statuses.total()

    @property
    def failed(self) -> int:
        """Answers of 500 and more, but for 503."""
        return sum(n for status, n in self.statuses.items() if status >= 500 and status != 503)


def main() -> None:
    """Send the requests and print the account; exit code 1 where anything is a defect."""
    parser = argparse.ArgumentParser(prog="python -m drills.api_schema", description=__doc__)
    parser.add_argument("--home", type=Path, help="a data folder; by default an empty one")
    parser.add_argument("--requests", type=int, default=40, help="for each operation")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kpop-api-") as folder:
        home = Path(folder) / "home"
        if asked.home:
            shutil.copytree(asked.home, home)
        with api_served(home) as address:
            account = send_made_up(address, asked.requests, asked.seed)
    print(f"operations: {account.operations}, requests sent: {account.sent:,}")
    print("answers: " + ", ".join(f"{s}: {n:,}" for s, n in sorted(account.statuses.items())))
    print(f"answers of 500: {account.failed}, of another form: {len(account.defects)}")
    for defect in account.defects[:20]:
        print(f"  {defect}")
    sys.exit(1 if account.failed or account.defects else 0)


def send_made_up(address: str, requests: int, number: int) -> SchemaAccount:
    """Send requests that follow from the document of a server.

    Args:
        address: of the server.
        requests: for each operation.
        number: decides which they are.
    """
    account = SchemaAccount()
    document = schemathesis.openapi.from_url(f"{address}/openapi.json")
    for found in document.get_all_operations():
        if not isinstance(found, Ok):
            raise SystemExit(f"the document is none of OpenAPI: {found}")
        operation = found.ok()
        account.operations += 1
        for mode in _MODES:
            _send(operation, mode, max(1, requests // len(_MODES)), number, account)
    return account


def _send(
    operation: Any, mode: GenerationMode, count: int, number: int, account: SchemaAccount
) -> None:
    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def send(case: Any) -> None:
        answer = case.call()
        account.statuses[answer.status_code] += 1
        try:
            case.validate_response(answer, checks=_CHECKS)
        except FailureGroup as defect:
            first = str(defect.exceptions[0]).splitlines()[0]
            account.defects.append(f"{operation.label}: {answer.status_code} {first}")

    # Of an operation that takes nothing no request can be otherwise than the document says.
    with suppress(Unsatisfiable):
        send()


@contextmanager
def api_served(home: Path, **variables: str) -> Iterator[str]:
    """The address of a server of one process on a data folder, until the block ends."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    environ = {name: value for name, value in os.environ.items() if not name.startswith("KPOP_")}
    environ |= {"KPOP_HOME": str(home), **variables}
    command = [sys.executable, "-m", "serving", "--port", str(port), "--workers", "1"]
    with tempfile.TemporaryFile() as said:
        server = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=said, stderr=said)
        try:
            _await_answer(f"{address}/healthz", server)
            yield address
        finally:
            server.terminate()
            server.wait(30)


def _await_answer(address: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _READY_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise SystemExit("the server did not come up")


if __name__ == "__main__":
    main()
