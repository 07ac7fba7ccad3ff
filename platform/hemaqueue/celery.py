"""The platform's own Celery workers: records (hears the news) and reports."""

from __future__ import annotations

import os

import django
from celery import Celery
from celery.signals import worker_process_init

from jobcontract import celeryconfig, processes
from jobcontract import hands as hands  # its signal handlers are what is wanted
from jobcontract import presence as presence
from jobcontract.names import HEAR_NEWS

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hemaqueue.settings.production")
django.setup()

app = Celery("hemaqueue")
app.conf.update(
    celeryconfig.settings(
        task_annotations={HEAR_NEWS: {"reject_on_worker_lost": True}},
        broker_transport_options=celeryconfig.COMMON["broker_transport_options"]
        | {
            # Records forgets nothing: a killed worker's news comes back within a minute,
            # under keys of its own, because the shortest time-out on a Redis wins.
            "visibility_timeout": 60,
            "unacked_key": "records.unacked",
            "unacked_index_key": "records.unacked_index",
            "unacked_mutex_key": "records.unacked_mutex",
        },
    )
)
app.autodiscover_tasks(["hemaqueue.pipeline"])
app.autodiscover_tasks(["hemaqueue.pipeline"], related_name="reporting")
worker_process_init.connect(processes.die_with_parent)
