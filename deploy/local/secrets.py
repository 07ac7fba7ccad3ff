"""`./hemaqueue secrets`: the files that docker-compose.yml hands to its containers."""

from __future__ import annotations

import secrets
import shutil
import subprocess
from pathlib import Path

from deploy.local import environment, install
from deploy.local.console import Console
from deploy.local.paths import ROOT

FOLDER = ROOT / "deploy" / "secrets"
METRICS = "metrics_token"
TLS = ("tls_certificate", "tls_key")


def make() -> int:
    """Make what is missing; what is there is never changed: it opens the images of patients.

    The folder is closed to others; the files in it are readable, because the containers read
    them as users of their own.
    """
    console = Console()
    install.ensure_installed(console)
    FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (FOLDER / "storage_key").exists():
        for name, value in _values().items():
            _write(FOLDER / name, value)
        console.say(f"secrets written to {FOLDER}; keep a copy of storage_key in a safe place")
    if not (FOLDER / METRICS).exists():  # installations of before had none
        _write(FOLDER / METRICS, secrets.token_hex(24))
    if not all((FOLDER / name).exists() for name in TLS):
        _self_signed(console)
    return 0


def _values() -> dict[str, str]:
    database, redis = secrets.token_hex(24), secrets.token_hex(24)
    keys = {
        name.removeprefix("HEMAQUEUE_").lower(): value
        for name, value in environment.new_keys().items()
    }
    return keys | {
        "database_password": database,
        "database_url": f"postgres://hemaqueue:{database}@db:5432/hemaqueue",
        "redis_password": redis,
        "redis_auth": f"requirepass {redis}\n",
        "redis_url": f"redis://:{redis}@redis:6379/0",
    }


def _self_signed(console: Console) -> None:
    """A certificate for a first look; a hospital puts its own in its place."""
    openssl = shutil.which("openssl")
    if openssl is None:
        console.say(f"put a certificate and its key into {FOLDER} as {' and '.join(TLS)}")
        return
    certificate, key = (str(FOLDER / name) for name in TLS)
    subprocess.run(
        [
            openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-days", "365", "-subj", "/CN=hemaqueue.example",
            "-keyout", key, "-out", certificate,
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    Path(key).chmod(0o444)
    console.say("made a self-signed certificate; replace it before anybody else connects")


def _write(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o444)
