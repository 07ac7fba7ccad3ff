"""`./hemaqueue chaos`: exit status 0 where nothing was lost, doubled, unfinished or unreadable."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from deploy.local.stopping import stopped_by_signals
from tests.chaos import telling
from tests.chaos.plan import parsed
from tests.chaos.run import run
from tests.chaos.soak import soak


def main() -> int:
    plan, as_json = parsed(None)
    folder = Path(tempfile.mkdtemp(prefix="hemaqueue-chaos-"))
    folder.chmod(0o755)  # PostgreSQL enters it as another user
    with stopped_by_signals():
        if plan.soak:
            found = soak(plan, folder, say=_say)
            sys.stdout.write(json.dumps(found.facts(), indent=1) + "\n")
            return 0 if found.is_sound else 1
        outcome = run(plan, folder, say=_say)
    said = json.dumps(telling.facts(outcome), indent=1) if as_json else telling.table(outcome)
    sys.stdout.write(said + "\n")
    return 0 if outcome.is_sound else 1


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
