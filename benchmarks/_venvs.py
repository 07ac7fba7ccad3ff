"""An environment for each peer: its own packages first, TensorFlow and ours from the project's."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

from deploy.local.paths import PYTHON

HOME = Path.home() / ".cache" / "hemaqueue-peers"


def environment_of(package: str) -> Path:
    """Return the Python of an environment with `package`, made by pip where there is none."""
    folder = HOME / f"{package}-{sys.version_info.major}.{sys.version_info.minor}"
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", package], check=True)
        (folder / "complete").touch()
    # Each time: it may have been made by another checkout, which is gone.
    (_packages(python) / "project.pth").write_text(f"{_packages(PYTHON)}\n")
    return python


def version_of(python: Path, package: str) -> str:
    """Return the version of an installed package."""
    code = f"import importlib.metadata as m; print(m.version({package!r}))"
    run = subprocess.run([str(python), "-c", code], check=True, capture_output=True, text=True)
    return run.stdout.strip()


def _packages(python: Path) -> Path:
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    run = subprocess.run([str(python), "-c", code], check=True, capture_output=True, text=True)
    return Path(run.stdout.strip() or sysconfig.get_path("purelib"))
