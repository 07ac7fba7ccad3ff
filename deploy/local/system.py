"""What only the system's package manager has: python3-venv, WeasyPrint's libraries, test tools."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from deploy.local import sysroot
from deploy.local.console import Console
from deploy.local.paths import VAR

PDF_LIBRARIES = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")
PDF_PACKAGES = (
    "libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-dejavu-core",
)  # fmt: skip
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
TRY_AGAIN_AFTER = 24 * 3600


def may_install() -> bool:
    """Whether packages can be installed from here without asking for a password."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def command_for(packages: Sequence[str]) -> str:
    """The command that a person types where this program may not."""
    return f"sudo apt-get install --no-install-recommends {' '.join(packages)}"


def apt_install(packages: Sequence[str], *, log: Path) -> bool:
    """Install packages, with fresh lists when the known ones do not do. True when it worked."""
    if not may_install():
        return False
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        for command in (install, ["apt-get", "update", "-q"], install):
            run = subprocess.run(
                command, env=environment, stdin=subprocess.DEVNULL,
                stdout=output, stderr=subprocess.STDOUT, check=False,
            )  # fmt: skip
            if run.returncode == 0 and command is install:
                return True
    return False


def pdf_libraries_present() -> bool:
    """Whether a new process finds the libraries that WeasyPrint opens at run time."""
    code = f"import ctypes\nfor name in {PDF_LIBRARIES}: ctypes.CDLL(name)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    return run.returncode == 0


def ensure_pdf_libraries(console: Console) -> bool:
    """Provide what WeasyPrint needs; without it, reports are the same pages as HTML."""
    sysroot.point_to()
    if pdf_libraries_present():
        return True
    if not _tried_lately("pdf"):
        console.say("installing the libraries that reports need as PDF …")
        if not apt_install(PDF_PACKAGES, log=_log()) and sysroot.unpack(PDF_PACKAGES):
            sysroot.point_to()
        if pdf_libraries_present():
            return True
    console.say(f"reports will be HTML, not PDF; for PDF: {command_for(PDF_PACKAGES)}")
    return False


def chromium() -> str | None:
    """The path of a Chromium that can be driven, or None."""
    found = (shutil.which(name) for name in CHROMIUM_NAMES)
    return next((path for path in found if path), None)


def pdftotext() -> str | None:
    """The path of the program that the tests read a PDF's words with, or None."""
    return shutil.which("pdftotext")


def ensure_test_tools(console: Console) -> None:
    """Install what the tests drive and read with; says aloud what is skipped without it."""
    _ensure(chromium, "chromium", wanted_by="the browser tests", console=console)
    _ensure(pdftotext, "poppler-utils", wanted_by="the tests of a PDF's words", console=console)


def _ensure(
    found: Callable[[], str | None], package: str, *, wanted_by: str, console: Console
) -> None:
    if found():
        return
    if not _tried_lately(package):
        console.say(f"installing {package} for {wanted_by} …")
        if apt_install((package,), log=_log()) and found():
            return
    console.say(f"{wanted_by} will be SKIPPED: no {package}; {command_for((package,))}")


def _log() -> Path:
    return VAR / "logs" / "apt.log"


def _tried_lately(name: str) -> bool:
    """Whether this was tried within a day; notes the try. A machine without network pays once."""
    note = VAR / f"tried-{name}"
    if note.exists() and time.time() - note.stat().st_mtime < TRY_AGAIN_AFTER:
        return True
    note.parent.mkdir(parents=True, exist_ok=True)
    note.touch()
    return False
