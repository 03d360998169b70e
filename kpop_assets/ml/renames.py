"""Stored models that were written before one of their classes moved.

Belongs here: new names in what skops wrote. Does not belong here: which names are trusted, or which
have changed (a domain says both, see `model_store.ModelTypes`).
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

_SCHEMA = "schema.json"


def with_new_names(model: bytes, renamed: Mapping[str, str]) -> bytes:
    """A model of skops with the old names of classes and functions replaced; nothing is imported.

    Args:
        model: the content of a `.skops` file.
        renamed: full names as they were, with those of today.

    Raises:
        zipfile.BadZipFile, KeyError, ValueError: it is no such file.
    """
    found = set()

    def rename(node: dict[str, Any]) -> dict[str, Any]:
        old = f"{node.get('__module__')}.{node.get('__class__')}"
        if old in renamed:
            found.add(old)
            node["__module__"], _, node["__class__"] = renamed[old].rpartition(".")
        return node

    with zipfile.ZipFile(io.BytesIO(model)) as file:
        schema = json.loads(file.read(_SCHEMA), object_hook=rename)
        if not found:
            return model
        rest = {name: file.read(name) for name in file.namelist() if name != _SCHEMA}
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        file.writestr(_SCHEMA, json.dumps(schema))
        for name, part in rest.items():
            file.writestr(name, part)
    return content.getvalue()
