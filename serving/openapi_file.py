"""`python -m serving.openapi_file FILE`: the API's document as it is checked in (`make docs`).

Belongs here: writing it. Does not belong here: what it says (openapi_document.py).
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from fastapi import FastAPI

from kpop_assets.settings import load_settings
from serving.app import create_app
from serving.openapi_document import describe


def write_document(app: FastAPI) -> str:
    """The document as it lies in a file: the same for the same routes."""
    return json.dumps(describe(app), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def main(arguments: list[str] | None = None) -> None:
    """Write the document of the API to a file."""
    parser = argparse.ArgumentParser(prog="python -m serving.openapi_file")
    parser.add_argument("file", type=Path)
    path: Path = parser.parse_args(arguments).file
    try:
        path.write_text(write_document(create_app(load_settings({}))), encoding="utf-8")
    except OSError as error:
        sys.exit(f"serving: {path}: {error.strerror}")


if __name__ == "__main__":
    main()
