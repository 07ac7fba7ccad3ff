"""A PostgreSQL server of our own: loopback only, scram-sha-256, never as root, never an orphan."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local import binaries, children
from deploy.local.ports import free_port
from deploy.local.unprivileged import SERVER_USER, hand_over, reachable_folder

NAME = "hemaqueue"
START_TIMEOUT = 60.0
# Commits stay synchronous: they survive a killed server, if not a power cut.
QUICK = ("fsync=off", "full_page_writes=off")
# A statement that fails is not logged, nor the values it names: psycopg2 writes them into the
# text of the statement, and a log must hold nothing of a patient.
QUIET = ("log_min_error_statement=panic", "log_error_verbosity=terse", "log_checkpoints=off")


class ServerFailed(Exception):
    """A server did not start; the message ends with the tail of its log."""


@dataclass
class Postgres:
    """One cluster below `folder`. `throwaway` trades safety at a power cut for speed (tests)."""

    folder: Path
    venv: Path
    throwaway: bool = False
    embedded: bool = False
    port: int = 0
    home: Path = field(default=Path(), init=False)
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def data(self) -> Path:
        return reachable_folder(self.folder / "postgres")

    @property
    def log(self) -> Path:
        return self.folder / "logs" / "postgres.log"

    @property
    def url(self) -> str:
        password = self._password_file.read_text()
        return f"postgres://{NAME}:{password}@127.0.0.1:{self.port}/{NAME}"

    @property
    def version(self) -> str:
        found = re.search(r"\d+(\.\d+)+", self._run("postgres", "--version"))
        return f"PostgreSQL {found.group() if found else '?'}"

    @property
    def _password_file(self) -> Path:
        return self.folder / "secrets" / "postgres"

    def start(self) -> None:
        """Make the cluster where there is none, and start it. Raises ServerFailed."""
        made_by = self._made_by()
        found = binaries.postgres_home(venv=self.venv, made_by=made_by, embedded=self.embedded)
        self.home = self._reachable_home(found)
        if made_by is None:
            self._create()
        self._end_orphan()
        self.port = self.port or free_port()
        options = [*(QUICK if self.throwaway else ()), *QUIET]
        settings = [part for option in options for part in ("-c", option)]
        self.process = children.start(
            [
                str(self.home / "bin" / "postgres"), "-D", str(self.data), "-p", str(self.port),
                "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
                "-c", "password_encryption=scram-sha-256", "-c", "max_connections=120", *settings,
            ],
            log=self.log,
            cwd=self.data,
            env=_environment(),
            user=SERVER_USER,
            at_parent_death=signal.SIGINT,
        )  # fmt: skip
        if not children.wait_until(self._is_settled, timeout=START_TIMEOUT) or not self.is_ready():
            self.kill()
            raise ServerFailed(f"PostgreSQL did not start:\n{children.tail(self.log)}")

    def stop(self) -> None:
        """Fast shutdown: sessions end, everything committed is kept."""
        if self.process is not None:
            children.stop(self.process, by=signal.SIGINT, grace=20.0)
            self.process = None

    def kill(self) -> None:
        """End it as a power cut would."""
        if self.process is not None:
            children.kill_group(self.process)
            self.process.wait()
            self.process = None

    def remove(self) -> None:
        """Delete the cluster, wherever it lies."""
        self.kill()
        shutil.rmtree(self.data, ignore_errors=True)

    def restart(self) -> None:
        """Stop it and start it again on the same port."""
        self.stop()
        self.start()

    def is_ready(self) -> bool:
        """Whether it accepts connections, by the status line of its pid file."""
        with suppress(OSError, IndexError):
            return (self.data / "postmaster.pid").read_text().splitlines()[7].strip() == "ready"
        return False

    def running_port(self) -> int:
        """Return the port on which some launcher has this cluster on, or 0."""
        with suppress(OSError, IndexError, ValueError):
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            if self.is_ready() and _serves(int(lines[0]), self.data):
                return int(lines[3])
        return 0

    def _is_settled(self) -> bool:
        return self.process is None or self.process.poll() is not None or self.is_ready()

    def _made_by(self) -> str | None:
        """The release of a complete cluster: the password is written when all else is made."""
        version = self.data / "PG_VERSION"
        complete = version.exists() and self._password_file.exists()
        return version.read_text().strip() if complete else None

    def _reachable_home(self, home: Path) -> Path:
        """`home`, or a copy of it where the server's user cannot enter it (a venv below /root)."""
        wanted = reachable_folder(home)
        if wanted != home and not (wanted / "bin" / "postgres").exists():
            shutil.copytree(home, wanted, symlinks=True, dirs_exist_ok=True)
        return wanted

    def _create(self) -> None:
        """initdb, then a role and a database of that name: the role is no superuser."""
        password = secrets.token_hex(24)
        self._password_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(parents=True, mode=0o700)
        admin = self.data.with_suffix(".pwfile")
        _write_private(admin, secrets.token_hex(24))
        hand_over(self.data, admin)
        provider = [] if int(binaries.postgres_major(self.home) or 17) < 17 else ["builtin"]
        self._run(
            "initdb", "-D", str(self.data), "-U", "postgres", "-A", "scram-sha-256",
            f"--pwfile={admin}", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
            *[f"--locale-provider={name}" for name in provider],
        )  # fmt: skip
        admin.unlink()
        self._run("postgres", "--single", "-D", str(self.data), "postgres", stdin=(
            f"CREATE ROLE {NAME} LOGIN CREATEDB PASSWORD '{password}'\n"
            f"CREATE DATABASE {NAME} OWNER {NAME}\n"
        ))  # fmt: skip
        _write_private(self._password_file, password)

    def _run(self, program: str, *arguments: str, stdin: str = "") -> str:
        """Run one of PostgreSQL's programs as the server's user; returns what it printed."""
        run: subprocess.CompletedProcess[str] = subprocess.run(
            [str(self.home / "bin" / program), *arguments],
            input=stdin, capture_output=True, text=True, check=False, env=_environment(),
            cwd=self.data if self.data.is_dir() else "/",
            **children.identity(SERVER_USER),
        )  # fmt: skip
        if run.returncode:
            raise ServerFailed(f"{program} failed:\n{run.stdout}{run.stderr}")
        return run.stdout

    def _end_orphan(self) -> None:
        """End a server that an earlier, killed launcher left on this cluster; drop its pid file."""
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists():
            return
        pid = int(pid_file.read_text().splitlines()[0])
        if _serves(pid, self.data):
            for order in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
                with suppress(ProcessLookupError):
                    os.kill(pid, order)
                if children.wait_until(lambda: not _serves(pid, self.data), timeout=8.0):
                    break
        pid_file.unlink(missing_ok=True)


def _serves(pid: int, data: Path) -> bool:
    """Whether process `pid` is a PostgreSQL on `data`, not a later process with its number."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return b"postgres" in command and os.fsencode(data) in command


def _environment() -> dict[str, str]:
    return {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
