"""Renews requirements/*.txt from pyproject.toml's extras: pinned, hashed, without an address."""

from __future__ import annotations

import shutil
import subprocess

from deploy.local.paths import ROOT

LOCKS = {
    "all": ("web", "inference", "training", "embedded", "dev"),
    "web": ("web",),
    "inference": ("inference",),
    "training": ("inference", "training"),
    "gpu": ("gpu", "training"),
}


def renew(*, upgrade: bool = False) -> int:
    """Compile every lock; those of the roles take their versions from all.txt. Returns a status."""
    uv = shutil.which("uv")
    if uv is None:
        print("the locks are made with uv: pip install uv")
        return 2
    for name, extras in LOCKS.items():
        target = ROOT / "requirements" / f"{name}.txt"
        wanted = [part for extra in extras for part in ("--extra", extra)]
        constraint = [] if name == "all" else ["-c", "requirements/all.txt"]
        command = [
            uv, "pip", "compile", "pyproject.toml", "--python-version", "3.11",
            "--generate-hashes", "--no-header", "--no-annotate", "--quiet", *wanted,
            *constraint, *(["--upgrade"] if upgrade else []), "-o", str(target.relative_to(ROOT)),
        ]  # fmt: skip
        status = subprocess.run(command, cwd=ROOT, check=False).returncode
        if status:
            return status
        print(f"{target.name}: {target.read_text().count('==')} packages")
    return 0
