"""The OpenAPI document against the server that serves it: schemathesis, as each role, every check.

Not asked: whether each request that fits the document is taken. What is known here alone (a site's
name, a cursor, the content of a picture) is refused with 400 or 422 although it fits.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from deploy.local.client import Client
from tests.flow.conftest import Stack

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

ROLES = ("tessa", "clara", "adam", "otto")
NOT_ASKED = "positive_data_acceptance"
TOKENS = """
import json
from hemaqueue.accounts.models import User
from hemaqueue.accounts.scopes import Scope
from hemaqueue.audit.tokens import token_make
people = User.objects.filter(username__in=%r)
made = {one.username: token_make(days=1, scopes=list(Scope), by=one)[1] for one in people}
print("TOKENS" + json.dumps(made))
"""

Examine = Callable[..., str]


@pytest.fixture(scope="module")
def tokens(stack: Stack) -> dict[str, str]:
    said = stack.installation.manage("shell", "-c", TOKENS % (ROLES,))
    return dict(json.loads(said.partition("TOKENS")[2]))


@pytest.fixture
def examine(stack: Stack, tokens: dict[str, str], tmp_path: Path) -> Examine:
    def examined(role: str, *, examples: int, phases: str) -> str:
        with closing(Client(stack.installation.port, tokens["clara"])) as client:
            _, document = client.get("/api/v1/schema/?format=json")
        described = tmp_path / "openapi.json"
        described.write_text(json.dumps(document))
        who = ("-H", f"Authorization: Bearer {tokens[role]}") if role in tokens else ()
        command = (
            *(sys.executable, "-m", "schemathesis.cli", "run", str(described), *who),
            *("--url", stack.installation.url, "--checks", "all", "--exclude-checks", NOT_ASKED),
            *("--max-examples", str(examples), "--phases", phases, "--seed", "1", "--no-color"),
            *("--continue-on-failure", "--max-failures", "200", "--workers", "2"),
        )
        run = subprocess.run(command, check=False, capture_output=True, text=True, cwd=tmp_path)
        assert re.search(r"\d+ generated", run.stdout), run.stdout + run.stderr
        return "" if run.returncode == 0 else run.stdout[-12_000:]

    return examined


@pytest.mark.timeout(600)
@pytest.mark.parametrize("role", ROLES)
def test_no_request_breaks_the_server_or_its_description(examine: Examine, role: str) -> None:
    assert not examine(role, examples=1, phases="fuzzing")


@pytest.mark.timeout(300)
def test_a_stranger_is_kept_out_of_everything(examine: Examine) -> None:
    assert not examine("a stranger", examples=1, phases="fuzzing")


@pytest.mark.long
@pytest.mark.timeout(6 * 3600)
@pytest.mark.parametrize("role", ROLES)
def test_a_thousand_requests_an_operation_break_nothing(examine: Examine, role: str) -> None:
    assert not examine(role, examples=1000, phases="coverage,fuzzing,stateful")
