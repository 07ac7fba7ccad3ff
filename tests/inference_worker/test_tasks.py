"""The tasks are registered under the contract's names, and without TensorFlow."""

from __future__ import annotations

import subprocess
import sys

from inference_worker.app import app
from jobcontract.names import Queue, Work
from jobcontract.reporting import ReportingTask


def test_every_kind_of_work_is_registered() -> None:
    app.loader.import_default_modules()
    for work in (one for one in Work if one.queue is Queue.INFERENCE):
        assert isinstance(app.tasks[work], ReportingTask)


def test_the_parent_process_imports_no_tensorflow() -> None:
    """Whoever only sends work, or watches a queue, has no need of it."""
    code = (
        "import sys, inference_worker.tasks, inference_worker.quarantine;"
        "sys.exit(bool({'tensorflow', 'keras'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0


def test_what_the_main_process_imports_runs_in_its_children_alone() -> None:
    """TensorFlow that ran before the fork hangs in the child: what is imported may not run."""
    code = """
import os, sys
from celery.signals import worker_init
from inference_worker import app
worker_init.send(sender=None)
assert "tensorflow" in sys.modules
from tensorflow.python.eager import context
assert not context.context_safe() or not context.context()._initialized
child = os.fork()
if not child:
    app.prepare_child()
    from inference_worker.engines import engines
    os._exit(0 if len(engines()._kept) == 2 else 1)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    assert subprocess.run([sys.executable, "-c", code], timeout=120).returncode == 0
