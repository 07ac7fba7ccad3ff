"""Guards of the product broken on purpose; the checker must turn red for each.

And two hardships that the guards are there for: a dispatcher that dies between the commit and
Redis, and a consumer that no longer consumes.
"""

from __future__ import annotations

import hashlib
import os
import random
import sys
import traceback
from pathlib import Path
from typing import Any

from tests.chaos.below.seam import change

DEAF_AFTER = 4
ONE_IN = 5


@change("files_are_cut_short", module="jobcontract.storage")
def files_are_cut_short(storage: Any) -> None:
    """What is acknowledged is not all on the disk."""
    whole = storage.write_all
    storage.write_all = lambda files: whole(
        {key: data[:-1] if _original(key) else data for key, data in files.items()}
    )


def _original(key: str) -> bool:
    return key.startswith("images/") and not key.endswith((".preview", ".thumbnail"))


@change("another_picture_is_kept", module="hemaqueue.specimens.services")
def another_picture_is_kept(services: Any) -> None:
    """The file that is stored is not the one that was sent."""
    whole = services.sealing.write_sealed_all
    services.sealing.write_sealed_all = lambda files: whole(
        {
            key: data[:-12] + b"\0" + data[-12:] if _original(key) else data
            for key, data in files.items()
        }
    )


@change("acknowledged_without_a_commit", module="hemaqueue.pipeline.intake")
def acknowledged_without_a_commit(intake: Any) -> None:
    """The answer goes out, and now and then its transaction does not hold."""
    from django.db import transaction

    whole, chance = intake._record, random.Random(os.getpid())

    def record(*arguments: Any, **named: Any) -> Any:
        with transaction.atomic():
            accepted = whole(*arguments, **named)
            transaction.set_rollback(chance.randrange(ONE_IN) == 0)
        return accepted

    intake._record = record


@change("nothing_is_found_lost", module="hemaqueue.pipeline.reaper")
def nothing_is_found_lost(reaper: Any) -> None:
    reaper.reap = lambda: None


@change("waiting_is_silence", module="hemaqueue.pipeline.reaper")
def waiting_is_silence(reaper: Any) -> None:
    """The naive lease: what was sent must be heard of, whoever is deaf."""

    def reap() -> None:
        with reaper.transaction.atomic():
            in_hand = reaper.Job.objects.filter(state__in=("sent", "running"))
            late = in_hand.filter(sent_at__lt=reaper.Now() - reaper.silence())
            for job in late.select_for_update(skip_locked=True):
                reaper.job_crash(job, code="silent")

    reaper.reap = reap


@change("the_deaf_send", module="hemaqueue.pipeline.dispatcher")
def the_deaf_send(dispatcher: Any) -> None:
    dispatcher.news_is_heard = lambda: True


@change("the_crashed_travel_in_company", module="hemaqueue.pipeline.parcels")
def the_crashed_travel_in_company(parcels: Any) -> None:
    parcels._kind = lambda job: (job.work, job.shared_key, False)


@change("the_crashed_are_not_set_apart", module="hemaqueue.jobs.services")
def the_crashed_are_not_set_apart(services: Any) -> None:
    whole = services.job_crash

    def crash(job: Any, *, code: str) -> None:
        whole(job, code=code)
        services.Job.objects.filter(pk=job.pk).update(lane=job.lane)

    services.job_crash = crash


@change("nothing_left_over_is_sent", module="hemaqueue.pipeline.dispatcher")
def nothing_left_over_is_sent(dispatcher: Any) -> None:
    dispatcher.publish_left_over = lambda: None


@change("nothing_is_missed", module="hemaqueue.pipeline.reaper")
def nothing_is_missed(reaper: Any) -> None:
    """Neither an empty list nor a later parcel that has begun says that one is lost."""
    reaper._mark_missing = lambda: None


@change("news_counts_each_time", module="hemaqueue.jobs.services")
def news_counts_each_time(services: Any) -> None:
    """No fence, and ends are not final: whatever is told is recorded."""

    def fenced(parcel: Any, tickets: Any) -> Any:
        named = services.Job.objects.filter(pk__in=[ticket.job for ticket in tickets])
        return list(named.order_by("pk"))

    services._fenced = fenced
    services.JobState.may_become = lambda *_: True


@change("a_second_result_is_passed_over", module="hemaqueue.pipeline.steps")
def a_second_result_is_passed_over(steps: Any) -> None:
    """The second wall is quiet: the database would refuse a second result of one job."""
    whole = steps.smears_classified

    def classified(finished: Any) -> None:
        known = steps.Prediction.objects
        whole([pair for pair in finished if not known.filter(job=pair[0]).exists()])

    steps.NEXT_STEP[steps.Work.CLASSIFY_SMEARS] = classified


@change("what_was_called_off_is_recorded", module="hemaqueue.jobs.services")
def what_was_called_off_is_recorded(services: Any) -> None:
    whole = services._fenced

    def fenced(parcel: Any, tickets: Any) -> Any:
        jobs = whole(parcel, tickets)
        for job in jobs:
            job.cancel_requested = False
        return jobs

    services._fenced = fenced


@change("the_trail_is_sealed_without_its_words", module="hemaqueue.audit.services")
def the_trail_is_sealed_without_its_words(services: Any) -> None:
    """A link depends on the one before it alone: what an event says could be altered."""
    services.link = lambda before, event: hashlib.sha256(f"{before}{event.pk}".encode()).hexdigest()


@change("signatures_are_not_read", module="jobcontract.signing")
def signatures_are_not_read(signing: Any) -> None:
    def verify(letter: Any, *, salt: Any) -> Any:
        _, values = signing._serializer(salt).loads_unsafe(letter)
        if values is None:
            raise signing.ForgedMessage
        return values

    signing.verify = verify


@change("nobody_watches", module="jobcontract.hands")
def nobody_watches(hands: Any) -> None:
    hands._watch = lambda *_: None


@change("dispatchers_die_before_redis", module="hemaqueue.pipeline.dispatcher")
def dispatchers_die_before_redis(dispatcher: Any) -> None:
    """A hardship: one in five times, a dispatcher ends between the commit and Redis."""
    whole, chance = dispatcher.publish, random.Random(os.getpid())

    def publish(parcel: Any, jobs: Any) -> bool:
        callers = {frame.name for frame in traceback.extract_stack()}
        if "publish_left_over" not in callers and chance.randrange(ONE_IN) == 0:
            os._exit(9)
        return bool(whole(parcel, jobs))

    dispatcher.publish = publish


@change("a_consumer_goes_deaf", module="jobcontract.transport")
def a_consumer_goes_deaf(transport: Any) -> None:
    """A hardship: the inference worker's first life stops reading after some messages."""
    if "inference_worker.app" not in sys.argv:
        return
    mark = Path(os.environ["HEMAQUEUE_DATA"]) / "was-deaf"
    if mark.exists():
        return
    whole_read, whole_start = transport.Channel._brpop_read, transport.Channel._brpop_start
    heard = 0

    def read(self: Any, **options: Any) -> Any:
        nonlocal heard
        found = whole_read(self, **options)
        heard += 1
        return found

    def start(self: Any, *arguments: Any) -> None:
        if heard < DEAF_AFTER:
            return whole_start(self, *arguments)
        return mark.touch()

    transport.Channel._brpop_read, transport.Channel._brpop_start = read, start
