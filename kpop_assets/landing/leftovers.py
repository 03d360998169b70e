"""Removes what a killed writer left behind under a hidden name.

Belongs here: telling a leftover from a writer at work, by age. Landed files are never touched.
"""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from kpop_assets.landing.errors import landing_errors

# No writer takes this long between two blocks, so what is older belongs to a dead process.
LEFTOVER_SECONDS = 24 * 3600


def sweep_leftovers(folder: Path, pattern: str) -> None:
    """Remove hidden files and folders that match and have not changed for a day.

    Args:
        folder: Where to look, not below it.
        pattern: A glob that begins with a dot.
    """
    if not pattern.startswith("."):
        raise ValueError(f"only hidden names may be swept: {pattern}")
    with landing_errors("clean up", folder):
        for path in folder.glob(pattern):
            if time.time() - path.lstat().st_mtime <= LEFTOVER_SECONDS:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
