"""A small disk for the files, so that it can be filled."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path


def mount_small(folder: Path, *, mib: int) -> bool:
    """Mount a small disk on `folder`, where this user may; say whether it was done."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if os.geteuid() != 0 or not shutil.which("mount"):
        return False
    command = ["mount", "-t", "tmpfs", "-o", f"size={mib}m", "tmpfs", str(folder)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def unmount(folder: Path) -> None:
    subprocess.run(["umount", "-l", str(folder)], check=False)
