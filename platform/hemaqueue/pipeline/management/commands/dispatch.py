"""`manage.py dispatch`: the dispatcher's process. It sleeps until PostgreSQL notifies it."""

from __future__ import annotations

import logging
import select
import signal
import time
from typing import Any

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, connection

from hemaqueue.audit.services import audit_seal
from hemaqueue.evaluations.drifting import week_count
from hemaqueue.pipeline import background, dispatcher, ear, endings, proving, reaper
from hemaqueue.pipeline.patience import until_the_database_is_back
from hemaqueue.reviews.sorting import reviews_resort_due

logger = logging.getLogger(__name__)

TICK_SECONDS = 1.0
COALESCE_SECONDS = 0.01
THOROUGH_EVERY = 60  # ticks
PROOFS_EVERY = 5


class Command(BaseCommand):
    help = "Send waiting jobs to the workers, find lost ones, seal the audit trail."
    stopping = False
    ticks = 0

    def handle(self, *args: Any, **options: Any) -> None:
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        for _ in until_the_database_is_back():
            try:
                return self._serve()
            except (OperationalError, InterfaceError) as error:
                logger.warning("The database is away: %s", type(error).__name__)
            if self.stopping:
                return None

    def _stop(self, *_: Any) -> None:
        self.stopping = True

    def _serve(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("LISTEN ledger")
        next_tick = time.monotonic()
        waited_with = next_tick  # until then whoever was announced last may wait for others
        while not self.stopping:
            if time.monotonic() >= next_tick:
                next_tick = time.monotonic() + TICK_SECONDS
                self._tick()
            dispatcher.dispatch_due()
            now = time.monotonic()
            until = waited_with if now < waited_with < next_tick else next_tick
            if self._wait(until - now):
                waited_with = time.monotonic() + dispatcher.linger().total_seconds()

    def _tick(self) -> None:
        ear.probe_send()
        dispatcher.publish_left_over()
        reaper.reap()
        endings.batches_end()
        if self.ticks % PROOFS_EVERY == 0:
            proving.proofs_ask()
        background.background_feed()
        thorough = self.ticks % THOROUGH_EVERY == 0
        audit_seal(thorough=thorough)
        if thorough:
            reviews_resort_due()
            week_count()
        self.ticks += 1

    def _wait(self, seconds: float) -> bool:
        """Sleep until a notification arrives, and a moment longer for those beside it.

        Return whether one did.
        """
        raw = connection.connection
        if not raw.notifies and not select.select([raw], [], [], max(0.0, seconds))[0]:
            return False
        time.sleep(COALESCE_SECONDS)
        raw.poll()
        raw.notifies.clear()
        return True
