"""Asks for pages as fifty people in turn, and says how long they took and how much they asked."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks._bench import percentile
from hemaqueue.accounts.models import User
from hemaqueue.reviews.queue import Queue, queue_reviews
from hemaqueue.specimens.models import SmearImage
from hemaqueue.specimens.selectors import image_list

LANES = ("attention", "ready", "clear", "mine", "overdue", "sign", "signed")


def addresses(user: User) -> Iterator[tuple[str, str]]:
    """Yield what one person opens, by the name under which it is counted."""
    for lane in LANES:
        yield f"worklist, {lane}", f"/worklist/?lane={lane}"
    yield "worklist, by accession", "/worklist/?lane=all&q=B26-00000"
    yield "worklist, counts", "/worklist/counts/"
    yield "history", "/history/"
    yield "history, by accession", "/history/?q=B26-0000011"
    review = queue_reviews(Queue(), user=user).first()
    if review is not None:
        yield "case", f"/cases/{review.case_id}/"
        image = SmearImage.objects.filter(case=review.case_id).earliest("uploaded_at")
        yield "review screen", f"/images/{image.pk}/?queue={Queue().token}"


def pages(users: list[User], *, rounds: int) -> dict[str, Any]:
    """Return p50 and p95 in milliseconds and the most queries, by page."""
    settings.ALLOWED_HOSTS = ["*"]
    times: dict[str, list[float]] = {}
    queries: dict[str, int] = {}
    for number, user in enumerate(users):
        browser = Client()
        browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        for name, address in addresses(user):
            if number == 0:  # the first one warms caches, and is counted, not timed
                with CaptureQueriesContext(connection) as asked:
                    _get(browser, address)
                queries[name] = len(asked)
                continue
            times.setdefault(name, []).extend(_timed(browser, address, rounds))
    return {
        name: {
            "p50_ms": round(percentile(took, 0.5), 1),
            "p95_ms": round(percentile(took, 0.95), 1),
            "queries": queries[name],
        }
        for name, took in times.items()
    }


def _timed(browser: Client, address: str, rounds: int) -> Iterator[float]:
    for _ in range(rounds):
        begin = time.perf_counter()
        _get(browser, address)
        yield 1000 * (time.perf_counter() - begin)


def _get(browser: Client, address: str) -> None:
    answer = browser.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address} answered {answer.status_code} {answer.headers}")


def plans(user: User) -> str:
    """Return EXPLAIN (ANALYZE) of the first page of the worklist and of the history."""
    asked = {
        "worklist, attention": queue_reviews(Queue(), user=user)[:51],
        "worklist, by accession": queue_reviews(Queue(lane="all", q="B26-00000"), user=user)[:51],
        "worklist, overdue": queue_reviews(Queue(lane="overdue"), user=user)[:51],
        "history": image_list(user)[:51],
    }
    return "\n\n".join(
        f"{name}\n{rows.explain(analyze=True, buffers=True)}" for name, rows in asked.items()
    )
