"""The environment of each process: keys made once and kept, and for workers only what they need."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from deploy.local.paths import PYTHON, ROOT, SOURCE_ROOTS

PLATFORM_ONLY = ("DATABASE_URL", "HEMAQUEUE_STORAGE_KEY", "HEMAQUEUE_SECRET_KEY")
PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH", "FONTCONFIG_FILE", "CI")
ONE_BLAS_THREAD = {"OPENBLAS_NUM_THREADS": "1"}
"""Its threads wait by spinning: those of processes side by side take each other's cores."""

ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
}


def keys(folder: Path) -> dict[str, str]:
    """The installation's keys: made by the platform's own command once, then read from `folder`.

    The file is readable by its owner only; without it the encrypted images are lost.
    """
    kept = folder / "secrets" / "keys.json"
    if kept.exists():
        return dict(json.loads(kept.read_text()))
    made = new_keys()
    kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(made, file, indent=1)
    return made


def new_keys() -> dict[str, str]:
    """A new set of keys, from `python -m jobcontract.keys`."""
    run = subprocess.run(
        [str(PYTHON), "-m", "jobcontract.keys"],
        env=base(), capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    if run.returncode:
        raise RuntimeError(f"no keys could be made:\n{run.stderr}")
    return dict(json.loads(run.stdout))


def base() -> dict[str, str]:
    """What every Python process of the project gets: a short list, never the caller's secrets."""
    kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return kept | {
        "PYTHONPATH": os.pathsep.join(map(str, SOURCE_ROOTS)),
        "PYTHONUNBUFFERED": "1",
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "TF_ENABLE_ONEDNN_OPTS": "1",
        **ONE_BLAS_THREAD,
    }


def platform(*, settings: str, given: Mapping[str, str]) -> dict[str, str]:
    """The environment of the Django processes: everything in `given`."""
    return base() | dict(given) | {"DJANGO_SETTINGS_MODULE": settings}


def worker(*, given: Mapping[str, str]) -> dict[str, str]:
    """The environment of a worker: no database, no storage key, one thread per process."""
    fit = {name: value for name, value in given.items() if name not in PLATFORM_ONLY}
    return base() | ONE_THREAD | fit
