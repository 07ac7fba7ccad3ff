"""`./hemaqueue test` and `./hemaqueue check`."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

from deploy.local import children, environment, install, system
from deploy.local.console import Console
from deploy.local.paths import PYTHON, ROOT, VAR
from deploy.local.stopping import Stopped, stopped_by_signals

BIN = PYTHON.parent
CODE = ("hemaqueue", "benchmarks", "deploy", "inference_worker", "manage.py", "platform", "tests",
        "training_worker")  # fmt: skip
SERVERS_UNASKED = {
    "DATABASE_URL": "postgres://check:check@127.0.0.1:1/check",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "HEMAQUEUE_ALLOWED_HOSTS": "hemaqueue.example",
    "HEMAQUEUE_DATA": str(VAR / "check"),
}


def run_tests(arguments: Sequence[str]) -> int:
    """Install, then pytest with the plugin that starts the servers. Returns pytest's status."""
    console = Console()
    install.ensure_installed(console)
    system.ensure_pdf_libraries(console)
    system.ensure_test_tools(console)
    env = dict(os.environ) | environment.ONE_BLAS_THREAD
    return _attached([str(PYTHON), "-m", "pytest", *arguments], env=env)


def run_checks(arguments: Sequence[str]) -> int:
    """Every check; all of them run, and the names of those that failed are printed last."""
    del arguments
    console = Console()
    install.ensure_installed(console)
    env = check_environment()
    failed = []
    for name, command in checks():
        run = subprocess.run(
            command, cwd=ROOT, env=env, check=False, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        console.say(f"{name}: {'ok' if run.returncode == 0 else 'FAILED'}")
        if run.returncode:
            failed.append(name)
            print(run.stdout)
    print(f"failed: {', '.join(failed)}" if failed else "all checks passed")
    return 1 if failed else 0


def check_environment() -> dict[str, str]:
    """Production's settings with servers that nobody asks anything."""
    given = SERVERS_UNASKED | environment.new_keys()
    return environment.platform(settings="hemaqueue.settings.production", given=given)


def checks() -> list[tuple[str, list[str]]]:
    """The name and the command of every check."""
    code = [part for part in CODE if (ROOT / part).exists()]
    dockerfiles = sorted(str(path) for path in (ROOT / "deploy").glob("Dockerfile*"))
    manage = [str(PYTHON), "manage.py"]
    return [
        ("lint", [_tool("ruff"), "check", "--quiet", *code]),
        ("format", [_tool("ruff"), "format", "--check", "--quiet", *code]),
        ("types", [_tool("mypy"), "--no-error-summary"]),
        ("imports", [_tool("lint-imports"), "--no-cache"]),
        ("migrations", [*manage, "makemigrations", "--check", "--dry-run"]),
        ("deployment", [*manage, "check", "--deploy", "--fail-level", "WARNING"]),
        ("compose", [
            _tool("check-jsonschema"), "--builtin-schema", "vendor.compose-spec",
            "docker-compose.yml",
        ]),
        ("dockerfiles", [_tool("hadolint"), "--config", "deploy/hadolint.yaml", *dockerfiles]),
    ]  # fmt: skip


def _tool(name: str) -> str:
    return str(BIN / name)


def _attached(command: Sequence[str], *, env: dict[str, str], cwd: Path = ROOT) -> int:
    """Run in the foreground with this terminal; a signal is passed on and waited for."""
    child = subprocess.Popen(
        list(command), cwd=cwd, env=env,
        preexec_fn=children.die_with(os.getpid(), signal_number=signal.SIGTERM),
    )  # fmt: skip
    with stopped_by_signals():
        try:
            return child.wait()
        except Stopped as stop:
            child.send_signal(signal.SIGINT)
            children.wait_for(child, timeout=30)
            child.kill()
            return 128 + int(stop.args[0])


def run_module(module: str, arguments: Sequence[str]) -> int:
    """Run one of the project's modules with its Python, in the foreground."""
    install.ensure_installed(Console())
    env = dict(os.environ) | environment.base()
    return _attached([str(PYTHON), "-m", module, *arguments], env=env, cwd=Path.cwd())


def run_benchmark(arguments: Sequence[str]) -> int:
    """Run benchmarks/NAME.py; it starts what it measures."""
    names = sorted(path.stem for path in (ROOT / "benchmarks").glob("[a-z]*.py"))
    if not arguments or arguments[0] not in names:
        print(f"usage: ./hemaqueue bench NAME [--json]\nbenchmarks: {', '.join(names)}")
        return 2
    install.ensure_installed(Console())
    script = Path("benchmarks") / f"{arguments[0]}.py"
    env = dict(os.environ) | environment.base()
    return _attached([str(PYTHON), str(script), *arguments[1:]], env=env)
