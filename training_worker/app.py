"""The training worker's Celery app: `celery -A training_worker.app worker -Q training`."""

from __future__ import annotations

from celery import Celery
from celery.signals import worker_process_init

from jobcontract import hands, presence  # noqa: F401  their signal handlers are what is wanted
from jobcontract.celeryconfig import settings
from jobcontract.processes import die_with_parent

app = Celery("training_worker")
app.conf.update(settings(imports=("training_worker.tasks",), worker_max_tasks_per_child=1))

worker_process_init.connect(die_with_parent)
