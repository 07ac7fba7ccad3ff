"""The layers: the contracts hold, and what they promise is true at run time as well."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIST_MODULES = "import sys; sys.stdout.write(' '.join({m.partition('.')[0] for m in sys.modules}))"
PLATFORMS = frozenset(
    {"django", "rest_framework", "guardian", "weasyprint", "psycopg2", "hemaqueue"}
)
WORKERS = frozenset({"tensorflow", "keras", "inference_worker", "training_worker"})


def modules_after(statement: str, *, absent: frozenset[str] = frozenset()) -> set[str]:
    """The top-level packages that a fresh Python has loaded after `statement`.

    Importing one of `absent` fails there, as it does where it is not installed.
    """
    hide = f"import sys; sys.modules.update(dict.fromkeys({sorted(absent)!r}))"
    run = subprocess.run(
        [sys.executable, "-c", f"{hide}\n{statement}\n{LIST_MODULES}"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return set(run.stdout.split()) - absent


def test_the_import_contracts_hold() -> None:
    program = Path(sys.executable).parent / "lint-imports"
    run = subprocess.run(
        [program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_web_process_loads_no_tensorflow() -> None:
    loaded = modules_after(
        "import hemaqueue.wsgi; from django.urls import get_resolver; get_resolver().url_patterns"
    )
    assert "django" in loaded
    assert loaded & WORKERS == set()


def test_the_platforms_celery_app_loads_no_tensorflow() -> None:
    assert modules_after("import hemaqueue.celery") & WORKERS == set()


def test_the_platform_starts_where_no_worker_is_installed() -> None:
    loaded = modules_after("import hemaqueue.wsgi, hemaqueue.celery", absent=WORKERS)
    assert "django" in loaded


@pytest.mark.parametrize("worker", ["inference_worker", "training_worker"])
def test_a_worker_starts_where_nothing_of_the_platforms_is_installed(worker: str) -> None:
    loaded = modules_after(f"import {worker}.app, {worker}.tasks", absent=PLATFORMS)
    assert "celery" in loaded


@pytest.mark.parametrize("worker", ["inference_worker", "training_worker"])
def test_a_workers_parent_process_does_not_load_tensorflow(worker: str) -> None:
    """TensorFlow that ran in the parent hangs in its forked children."""
    loaded = modules_after(f"import {worker}.app; {worker}.app.app.loader.import_default_modules()")
    assert "tensorflow" not in loaded
