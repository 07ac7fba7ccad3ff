"""The launcher's commands: which module does what, and how errors are told."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from deploy.local import demo, lock, secrets, suite
from deploy.local.binaries import ServerNotFound
from deploy.local.install import CannotInstall
from deploy.local.installation import AlreadyRunning, CommandFailed
from deploy.local.postgres import ServerFailed
from deploy.local.stopping import Stopped
from deploy.local.submit import command
from deploy.local.supervisor import KeepsDying

TOLD = (
    AlreadyRunning, CannotInstall, CommandFailed, demo.DemoFailed, KeepsDying, ServerFailed,
    ServerNotFound,
)  # fmt: skip

COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "demo": lambda arguments: demo.run(_demo_options(arguments)),
    "test": suite.run_tests,
    "check": suite.run_checks,
    "bench": suite.run_benchmark,
    "chaos": lambda arguments: suite.run_module("tests.chaos", arguments),
    "backup": lambda arguments: suite.run_module("deploy.local.backup", arguments),
    "restore": lambda arguments: suite.run_module("deploy.local.backup.restoring", arguments),
    "train": lambda arguments: suite.run_module("training_worker.train", arguments),
    "evaluate": lambda arguments: suite.run_module("training_worker.evaluate", arguments),
    "submit": command.run,
    "secrets": lambda _: secrets.make(),
    "lock": lambda arguments: lock.renew(upgrade="--upgrade" in arguments),
}


def run(name: str, arguments: Sequence[str]) -> int:
    """Do one command; what a user can mend is told in a sentence, without a traceback."""
    if name not in COMMANDS:
        print(f"no such command: {name}; ./hemaqueue --help lists them", file=sys.stderr)
        return 2
    try:
        return COMMANDS[name](arguments)
    except TOLD as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except Stopped as stop:
        return 128 + int(stop.args[0])
    except KeyboardInterrupt:
        return 130


def _demo_options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("./hemaqueue demo")
    parser.add_argument("--images", metavar="DIR", help="send these images, not drawn samples")
    parser.add_argument("--once", action="store_true", help="end after the results")
    parser.add_argument("--json", action="store_true", help="print one JSON object, nothing else")
    parser.add_argument("--port", type=int, metavar="N", help="the web port (8000 if it is free)")
    parser.add_argument("--data", metavar="DIR", help="where everything is kept (var/demo)")
    return parser.parse_args(arguments)
