"""Makes the virtual environment from the lock, once; later runs find its stamp and go on."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from deploy.local import children, system
from deploy.local.console import Console
from deploy.local.paths import PYTHON, ROOT, SOURCE_ROOTS, VAR, VENV

OLDEST_PYTHON = (3, 11)
LOCK = ROOT / "requirements" / "all.txt"
STAMP = VENV / "hemaqueue-lock.sha256"
LOG = VAR / "logs" / "install.log"


class CannotInstall(Exception):
    """Something is missing that only the user can provide; the message says what to type."""


def ensure_installed(console: Console) -> None:
    """Leave a virtual environment that holds exactly the lock. Raises CannotInstall."""
    wanted = _stamp()
    if STAMP.exists() and STAMP.read_text() == wanted and PYTHON.exists():
        return
    _require_python()
    uv = shutil.which("uv")
    if not PYTHON.exists():
        _make_venv(uv, console=console)
    console.say(f"installing the packages of {LOCK.name} with {'uv' if uv else 'pip'} …")
    _install(uv, console=console)
    _write_path_file()
    STAMP.write_text(wanted)


def _stamp() -> str:
    """What the environment depends on: the lock, this Python's release, the project's place."""
    parts = (LOCK.read_bytes(), repr(sys.version_info[:2]).encode(), os.fsencode(ROOT))
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _require_python() -> None:
    if sys.version_info < OLDEST_PYTHON:
        raise CannotInstall(
            f"Hemaqueue needs Python 3.11 or later; this is {sys.version.split()[0]}. "
            "Run it with a later one: python3.11 hemaqueue …"
        )


def _make_venv(uv: str | None, *, console: Console) -> None:
    console.say(f"making {VENV} …")
    if uv:
        _run([uv, "venv", "--quiet", "--python", sys.executable, str(VENV)], env=_uv_environment())
        return
    if importlib.util.find_spec("ensurepip") is None:
        packages = (f"python{sys.version_info[0]}.{sys.version_info[1]}-venv",)
        if system.may_install():
            console.say(f"installing {packages[0]} …")
        if not system.apt_install(packages, log=LOG):
            raise CannotInstall(
                f"Python's venv module is missing. Run: {system.command_for(packages)}"
            )
    _run([sys.executable, "-m", "venv", str(VENV)])


def _install(uv: str | None, *, console: Console) -> None:
    if uv:
        command = [
            uv, "pip", "sync", "--quiet", "--require-hashes", "--compile-bytecode",
            "--python", str(PYTHON), str(LOCK),
        ]  # fmt: skip
        environment = _uv_environment()
    else:
        _ensure_pip()
        command = [
            str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
            "--no-input", "--require-hashes", "--only-binary", ":all:", "-r", str(LOCK),
        ]  # fmt: skip
        environment = dict(os.environ)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    try:
        _run(command, env=environment, console=console)
    except CannotInstall:
        console.say("that failed; trying once more …")
        time.sleep(3)
        _run(command, env=environment, console=console)


def _ensure_pip() -> None:
    """An environment that uv made has no pip of its own."""
    if not (VENV / "bin" / "pip").exists():
        _run([str(PYTHON), "-m", "ensurepip", "--upgrade"])


def _run(
    command: Sequence[str], *, env: dict[str, str] | None = None, console: Console | None = None
) -> None:
    """Run to the end with the output in the log; raises CannotInstall with the log's tail."""
    child = children.start(command, log=LOG, env=env or dict(os.environ), cwd=ROOT)
    started = time.monotonic()
    try:
        while not children.wait_for(child, timeout=0.5):
            if console is not None and console.is_terminal:
                console.bar(0, of=1, what=f"{time.monotonic() - started:.0f} s")
    finally:
        children.kill_group(child)
    if console is not None:
        console.end_bar()
    if child.returncode:
        raise CannotInstall(
            f"{Path(command[0]).name} failed (status {child.returncode}). "
            f"The end of {LOG}:\n{children.tail(LOG)}"
        )


def _uv_environment() -> dict[str, str]:
    """uv must not fetch a Python of its own."""
    return dict(os.environ) | {"UV_PYTHON_DOWNLOADS": "never"}


def _write_path_file() -> None:
    """Put the source roots on the path of everything that the environment runs."""
    for packages in VENV.glob("lib/python3*/site-packages"):
        (packages / "hemaqueue.pth").write_text("".join(f"{root}\n" for root in SOURCE_ROOTS))
