"""Whether a server answers, for what watches over it: exit code 0 or 1 (`compose.yaml`).

    python -m kpop_assets.operate.alive http://127.0.0.1:8000/healthz

Belongs here: one request with the standard library alone, for it is asked all the time. Does not
belong here: what makes a server healthy (each server's own address says that).
"""

from __future__ import annotations

import sys
import urllib.error
import urllib.request

ANSWER_SECONDS = 5.0


def why_not_alive(address: str) -> str:
    """Why an address does not answer well; empty where it does."""
    if not address.startswith("http://"):
        return "name an address: http://127.0.0.1:PORT/PATH"
    try:
        with urllib.request.urlopen(address, timeout=ANSWER_SECONDS):  # noqa: S310 - http alone
            return ""
    except (urllib.error.URLError, OSError, ValueError) as error:
        return f"{address}: {error}"


def main() -> None:
    """Ask once; one line and exit code 1 where nothing or an error is answered."""
    if why := why_not_alive(" ".join(sys.argv[1:])):
        sys.exit(f"kpop: {why}")


if __name__ == "__main__":
    main()
