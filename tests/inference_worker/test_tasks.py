"""The tasks are registered under the contract's names, and without TensorFlow."""

from __future__ import annotations

import subprocess
import sys

from inference_worker.app import app
from jobcontract.names import Work
from jobcontract.reporting import ReportingTask


def test_both_kinds_of_work_are_registered() -> None:
    app.loader.import_default_modules()
    for work in (Work.CLASSIFY_SMEARS, Work.EXPLAIN_PREDICTION):
        assert isinstance(app.tasks[work], ReportingTask)


def test_the_parent_process_imports_no_tensorflow() -> None:
    """A network that is built before the fork hangs in the child."""
    code = (
        "import sys, inference_worker.tasks, inference_worker.quarantine;"
        "sys.exit(bool({'tensorflow', 'keras'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0
