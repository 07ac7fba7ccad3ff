"""Asks for pages as fifty people in turn, and says how long they took and how much they asked."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks._bench import percentile
from benchmarks._plans import query_times
from hemaqueue.accounts.models import User
from hemaqueue.reviews.queue import Queue, queue_reviews
from hemaqueue.specimens.models import SmearImage
from hemaqueue.specimens.selectors import image_list

LANES = ("attention", "overdue", "sign")
PART = {"HX-Request": "true"}  # as the script asks that swaps the next image in
Address = tuple[str, str, Mapping[str, str]]


def addresses(user: User, *, nth: int = 0) -> Iterator[Address]:
    """Yield what one person opens: the name under which it is counted, its address, headers.

    Of their cases it is the `nth` that nobody reads yet.
    """
    for lane in LANES:
        yield f"worklist, {lane}", f"/worklist/?lane={lane}", {}
    yield "worklist, by accession", "/worklist/?lane=all&q=B26-00000", {}
    yield "worklist, counts", "/worklist/counts/", {}
    yield "history", "/history/", {}
    yield "history, by accession", "/history/?q=B26-0000011", {}
    queue = Queue()
    for review in queue_reviews(queue, user=user).filter(claimed_by=None)[nth : nth + 1]:
        yield "case", f"/cases/{review.case_id}/", {}
        image = SmearImage.objects.filter(case=review.case_id).earliest("uploaded_at")
        address = f"/images/{image.pk}/?queue={queue.token}"
        yield "review screen", address, {}
        yield "review screen, swapped in", address, PART


def pages(users: Sequence[User], *, rounds: int) -> dict[str, dict[str, Any]]:
    """Return, by page: p50 and p95 in milliseconds, the queries, the web's and the database's part.

    The web's part is CPU time and says most where others use the machine as well.
    """
    settings.ALLOWED_HOSTS = ["*"]
    times: dict[str, list[tuple[float, float]]] = {}
    asked: dict[str, dict[str, Any]] = {}
    browser = Client()  # one for all: each would start the whole stack anew with its first page
    for number, user in enumerate(users):
        browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        for name, address, headers in addresses(user):
            if number == 0:  # the first one warms caches, and is counted, not timed
                asked[name] = _asked(browser, address, headers)
                continue
            times.setdefault(name, []).extend(_timed(browser, address, headers, rounds))
    return {
        name: {
            "p50_ms": round(percentile([wall for wall, _cpu in took], 0.5), 1),
            "p95_ms": round(percentile([wall for wall, _cpu in took], 0.95), 1),
            "web_cpu_ms": round(percentile([cpu for _wall, cpu in took], 0.5), 1),
            **asked[name],
        }
        for name, took in times.items()
    }


def _asked(browser: Client, address: str, headers: Mapping[str, str]) -> dict[str, Any]:
    """Return how many queries a page asks, their time in the database, and the slowest."""
    _get(browser, address, headers)
    with CaptureQueriesContext(connection) as asked:
        _get(browser, address, headers)
        queries = list(asked.captured_queries)
    took = query_times(queries)
    slowest, milliseconds = max(took, key=lambda one: one[1])
    return {
        "queries": len(queries),
        "database_ms": round(sum(one for _name, one in took), 1),
        "slowest": f"{slowest}: {milliseconds:.1f} ms",
        "by_query_ms": {name: round(one, 2) for name, one in took},
    }


def _timed(
    browser: Client, address: str, headers: Mapping[str, str], rounds: int
) -> Iterator[tuple[float, float]]:
    """Yield the milliseconds of each request: on the wall's clock, and of this process's CPU."""
    for _ in range(rounds):
        wall, cpu = time.perf_counter(), time.process_time()
        _get(browser, address, headers)
        yield 1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - cpu)


def _get(browser: Client, address: str, headers: Mapping[str, str]) -> None:
    answer = browser.get(address, headers=dict(headers))
    if answer.status_code != 200:
        raise SystemExit(f"{address} answered {answer.status_code} {answer.headers}")


def plans(user: User) -> str:
    """Return EXPLAIN (ANALYZE, BUFFERS) of the first page of the worklist and of the history."""
    asked = {
        "worklist, attention": queue_reviews(Queue(), user=user)[:51],
        "worklist, by accession": queue_reviews(Queue(lane="all", q="B26-00000"), user=user)[:51],
        "worklist, overdue": queue_reviews(Queue(lane="overdue"), user=user)[:51],
        "history": image_list(user)[:51],
    }
    return "\n\n".join(
        f"{name}\n{rows.explain(analyze=True, buffers=True)}" for name, rows in asked.items()
    )
