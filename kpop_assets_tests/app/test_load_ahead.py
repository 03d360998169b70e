"""Heavy modules are loaded behind the first page, and not before it."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys
from app.load_ahead import MODULES, load_ahead
import app.main
early = [name for name in MODULES if name in sys.modules]
load_ahead().join()
late = [name for name in MODULES if name not in sys.modules]
print(early, late, load_ahead() is load_ahead())
"""


def test_what_pages_draw_with_is_loaded_once_and_not_with_the_first_page():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[] [] True"
