"""The layers: the contracts hold, and what they promise is true at run time as well."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIST_MODULES = "import sys; sys.stdout.write(' '.join({m.partition('.')[0] for m in sys.modules}))"
PLATFORMS = {"django", "rest_framework", "guardian", "weasyprint", "psycopg2", "hemaqueue"}
WORKERS = {"tensorflow", "keras", "inference_worker", "training_worker"}


def modules_after(statement: str, *, without: str = "") -> set[str]:
    """The top-level packages that a fresh Python has loaded after `statement`.

    `without` names a variable of the environment that it does not get.
    """
    environment = {name: value for name, value in os.environ.items() if name != without}
    run = subprocess.run(
        [sys.executable, "-c", f"{statement}\n{LIST_MODULES}"],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=120,
        env=environment,
    )  # fmt: skip
    return set(run.stdout.split())


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


@pytest.mark.parametrize("app", ["inference_worker.app", "training_worker.app"])
def test_a_worker_loads_nothing_of_the_platforms(app: str) -> None:
    # Celery itself imports Django where this variable is set; no worker's environment has it.
    loaded = modules_after(f"import {app}", without="DJANGO_SETTINGS_MODULE")
    assert loaded & PLATFORMS == set()


@pytest.mark.parametrize("app", ["inference_worker.app", "training_worker.app"])
def test_a_workers_parent_process_does_not_load_tensorflow(app: str) -> None:
    """TensorFlow that ran in the parent hangs in its forked children."""
    assert "tensorflow" not in modules_after(f"import {app}")
