"""The project's own folders, and what every Python of it needs to find its packages."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE_ROOTS = (ROOT / "platform", ROOT)
VENV = Path(os.environ.get("HEMAQUEUE_VENV", ROOT / ".venv")).absolute()
PYTHON = VENV / "bin" / "python"
DEMO_DATA = ROOT / "var" / "demo"
BUNDLES = ROOT / "inference_worker" / "bundles"
