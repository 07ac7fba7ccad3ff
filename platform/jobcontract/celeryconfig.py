"""What every Celery app of the platform shares. Celery delivers; PostgreSQL remembers.

The visibility timeout is longer than any time limit: a message that is being worked on must
not be handed to a second worker. Lost messages are found by the ledger, not by Redis.
"""

from __future__ import annotations

import os
from typing import Any

from kombu import Queue as KombuQueue

from jobcontract import transport
from jobcontract.environment import secret
from jobcontract.names import Queue

LONGEST_TASK_SECONDS = 6 * 3600
CHILD_START_SECONDS = 120

COMMON: dict[str, Any] = {
    "task_serializer": "json",
    "accept_content": ["json"],
    "task_ignore_result": True,
    "result_backend": None,
    "task_acks_late": True,
    "task_reject_on_worker_lost": False,
    "task_acks_on_failure_or_timeout": True,
    "task_publish_retry": False,
    "task_create_missing_queues": False,
    "worker_prefetch_multiplier": 1,
    "worker_enable_remote_control": False,
    "worker_send_task_events": False,
    "worker_cancel_long_running_tasks_on_connection_loss": False,
    "worker_proc_alive_timeout": CHILD_START_SECONDS,
    "worker_hijack_root_logger": False,
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,
    "broker_transport_options": {
        "visibility_timeout": LONGEST_TASK_SECONDS,
        "queue_order_strategy": "priority",
        "socket_connect_timeout": 2,
        "socket_timeout": 30,
        "socket_keepalive": True,
        "health_check_interval": 10,
    },
    "task_queues": [KombuQueue(queue) for queue in Queue],
    "task_default_queue": Queue.RECORDS,
}


transport.install()


def settings(**own: Any) -> dict[str, Any]:
    """Return the shared configuration with one app's own settings on top."""
    return COMMON | {"broker_url": secret("REDIS_URL")} | own


def child_limits() -> dict[str, Any]:
    """Return when a worker's child is replaced: after so many tasks, or so much memory."""
    return {
        "worker_max_tasks_per_child": int(os.environ.get("HEMAQUEUE_TASKS_PER_CHILD", "500")),
        "worker_max_memory_per_child": 2_000_000,  # KiB
    }
