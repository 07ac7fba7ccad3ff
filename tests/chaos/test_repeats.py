"""An upload that is sent three times under one key, its answers lost, is one image and one job."""

from __future__ import annotations

import http.client
import random
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from deploy.local.client import BROKEN, Answer
from tests.chaos.plan import Plan
from tests.chaos.sender import Sender, upload_request
from tests.chaos.trial import trial

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.long,
    pytest.mark.timeout(600),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

UPLOADS = 300
PLAN = Plan(images=UPLOADS, slow=0, training=False, called_off=0)


class Careless(Sender):
    """Sends everything three times; hangs up twice before the answer, by chance at once."""

    def _upload(self, file: bytes, name: str, fields: Mapping[str, str], *, key: str) -> Answer:
        body, headers = upload_request(file, name, fields, key=key)
        headers["Authorization"] = f"Bearer {self.client.token}"
        for _ in range(2):
            connection = http.client.HTTPConnection(self.client.host, self.client.port, timeout=30)
            with suppress(*BROKEN):
                connection.request("POST", "/api/v1/images/", body=body, headers=headers)
                if random.random() < 0.5:
                    connection.getresponse()
            connection.close()
        return super()._upload(file, name, fields, key=key)


def test_what_is_sent_three_times_is_kept_once(tmp_path: Path) -> None:
    with trial(PLAN, tmp_path, sender=Careless) as one:
        one.send(UPLOADS)
        assert one.settle()
        assert one.judged().is_sound
        kept = one.system.rows("SELECT count(*), count(DISTINCT sha256) FROM specimens_smearimage")
        assert kept == [(UPLOADS, UPLOADS)]
        jobs = "SELECT count(*) FROM jobs_job WHERE work = 'inference.classify_smears'"
        assert one.system.rows(jobs) == [(UPLOADS,)]
