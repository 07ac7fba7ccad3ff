"""WeasyPrint's libraries without root: Debian's packages, unpacked below var/ and pointed to."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from deploy.local.paths import VAR

SYSROOT = VAR / "sysroot"
FONTS = SYSROOT / "fonts.conf"
FONTS_TEXT = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>{share}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>{cache}</cachedir>
</fontconfig>
"""


def library_folder() -> Path:
    """Where Debian's packages put libraries, below the unpacked root."""
    return SYSROOT / "usr" / "lib" / f"{platform.machine()}-linux-gnu"


def point_to() -> None:
    """Let the processes that start from now on find the unpacked libraries and fonts."""
    if not FONTS.exists():
        return
    known = os.environ.get("LD_LIBRARY_PATH")
    parts = [str(library_folder()), *([known] if known else [])]
    os.environ["LD_LIBRARY_PATH"] = os.pathsep.join(parts)
    os.environ["FONTCONFIG_FILE"] = str(FONTS)


def unpack(packages: Sequence[str]) -> bool:
    """Fetch the packages and what they need, and unpack them. False where that cannot be done."""
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        return False
    plan = _quietly(["apt-get", "install", "-s", "-q", "--no-install-recommends", *packages])
    names = re.findall(r"^Inst (\S+)", plan or "", re.MULTILINE)
    if not names:
        return False
    with tempfile.TemporaryDirectory(prefix="hemaqueue-debs-") as folder:
        Path(folder).chmod(0o755)
        if _quietly(["apt-get", "download", "-q", *names], cwd=Path(folder)) is None:
            return False
        for deb in sorted(Path(folder).glob("*.deb")):
            if _quietly(["dpkg-deb", "-x", str(deb), str(SYSROOT)]) is None:
                return False
    share, cache = SYSROOT / "usr" / "share" / "fonts", SYSROOT / "cache"
    FONTS.write_text(FONTS_TEXT.format(share=share, cache=cache))
    return True


def _quietly(command: Sequence[str], *, cwd: Path | None = None) -> str | None:
    """What the command printed, or None where it failed."""
    run = subprocess.run(
        list(command), cwd=cwd, capture_output=True, text=True, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return run.stdout if run.returncode == 0 else None
