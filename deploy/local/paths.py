"""The project's own folders, and what every Python of it needs to find its packages."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE_ROOTS = (ROOT / "platform", ROOT)
# What is made here lies in the project, or in the home of a user who may not write there.
OWN = ROOT if os.access(ROOT, os.W_OK) else Path.home() / ".local" / "share" / "hemaqueue"
VENV = Path(os.environ.get("HEMAQUEUE_VENV", OWN / ".venv")).absolute()
PYTHON = VENV / "bin" / "python"
VAR = OWN / "var"
DEMO_DATA = VAR / "demo"
