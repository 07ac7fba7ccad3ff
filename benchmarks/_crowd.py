"""Fifty people at once over HTTP, through gunicorn: each opens a page, looks at it, opens more."""

from __future__ import annotations

import http.client
import itertools
import random
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Any

from django.conf import settings
from django.test import Client

from benchmarks._bench import percentile
from benchmarks._lists import addresses
from hemaqueue.accounts.models import User

#: What a reader opens all morning.
OPENED = ("worklist, attention", "review screen", "review screen, swapped in", "case", "history")

#: By page: the status of each answer, and its seconds.
Took = dict[str, list[tuple[int, float]]]


def crowd(users: Sequence[User], *, port: int, seconds: float, pause: float) -> dict[str, Any]:
    """Let everybody open pages for `seconds`, and look at each for `pause` seconds on average."""
    took: Took = {name: [] for name in OPENED}
    end = time.monotonic() + seconds
    people = [
        Person(user, number, port=port, took=took, pause=pause) for number, user in enumerate(users)
    ]
    threads = [threading.Thread(target=one.read, args=[end], daemon=True) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    every = list(itertools.chain(*took.values()))
    if refused := {status for status, _seconds in every} - {200}:
        raise SystemExit(f"pages answered {refused}")
    return {
        "people": len(users),
        "pause_s": pause,
        "pages_per_second": round(len(every) / seconds, 1),
        "p50_ms": _milliseconds(every, 0.5),
        "p95_ms": _milliseconds(every, 0.95),
        "p95_ms_by_page": {name: _milliseconds(one, 0.95) for name, one in took.items() if one},
    }


def _milliseconds(opened: Sequence[tuple[int, float]], share: float) -> float:
    return round(1000 * percentile([seconds for _status, seconds in opened], share), 1)


class Person:
    """One signed-in browser, which opens the pages of its reader in turn."""

    def __init__(self, user: User, number: int, *, port: int, took: Took, pause: float) -> None:
        browser = Client()
        browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        session = browser.cookies[settings.SESSION_COOKIE_NAME].value
        self.headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"}
        self.pages = [one for one in addresses(user, nth=number) if one[0] in OPENED]
        self.port, self.took, self.pause = port, took, pause

    def read(self, end: float) -> None:
        time.sleep(random.uniform(0, self.pause))
        for name, address, headers in itertools.cycle(self.pages):
            if time.monotonic() >= end:
                return
            begin = time.perf_counter()
            self.took[name].append((self._opened(address, headers), time.perf_counter() - begin))
            time.sleep(random.uniform(0.5, 1.5) * self.pause)

    def _opened(self, address: str, headers: Mapping[str, str]) -> int:
        """Open a page in a connection of its own, as after a pause; return its status."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as link:
            link.request("GET", address, headers=self.headers | dict(headers))
            answer = link.getresponse()
            answer.read()
            return answer.status
