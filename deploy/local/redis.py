"""A Redis (or Valkey) server of our own: loopback only, with a password, never an orphan."""

from __future__ import annotations

import secrets
import socket
import subprocess
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local import binaries, children
from deploy.local.ports import free_port
from deploy.local.postgres import ServerFailed

START_TIMEOUT = 30.0
CONFIGURATION = """
bind 127.0.0.1
port {port}
requirepass {password}
dir {folder}
daemonize no
protected-mode yes
appendonly {appendonly}
appendfsync everysec
save ""
maxmemory 256mb
maxmemory-policy noeviction
"""


@dataclass
class Redis:
    """One server below `folder`. `throwaway` keeps nothing on disk (tests)."""

    folder: Path
    venv: Path
    throwaway: bool = False
    embedded: bool = False
    port: int = 0
    password: str = field(default_factory=lambda: secrets.token_hex(24), repr=False)
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def data(self) -> Path:
        return self.folder / "redis"

    @property
    def log(self) -> Path:
        return self.folder / "logs" / "redis.log"

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    @property
    def version(self) -> str:
        shown = subprocess.run(
            [self._program(), "--version"], capture_output=True, text=True, check=True
        ).stdout
        name = "Valkey" if "valkey" in shown.lower() else "Redis"
        return f"{name} {shown.partition('v=')[2].split()[0]}"

    def start(self) -> None:
        """Start it; the configuration goes in by its standard input. Raises ServerFailed."""
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.port = self.port or free_port()
        self.process = children.start(
            [self._program(), "-"],
            log=self.log,
            cwd=self.data,
            stdin=CONFIGURATION.format(
                port=self.port,
                password=self.password,
                folder=self.data.resolve(),
                appendonly="no" if self.throwaway else "yes",
            ).encode(),
        )
        if not children.wait_until(self._is_settled, timeout=START_TIMEOUT) or not self.is_ready():
            self.kill()
            raise ServerFailed(f"Redis did not start:\n{children.tail(self.log)}")

    def stop(self) -> None:
        """Orderly shutdown: the append-only file is flushed."""
        if self.process is not None:
            children.stop(self.process)
            self.process = None

    def kill(self) -> None:
        """End it as a power cut would."""
        if self.process is not None:
            children.kill_group(self.process)
            self.process.wait()
            self.process = None

    def restart(self) -> None:
        """Stop it and start it again on the same port."""
        self.stop()
        self.start()

    def is_ready(self) -> bool:
        """Whether it answers PONG to this password: a stranger on the port does not count."""
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 0.5) as client:
            client.sendall(f"AUTH {self.password}\r\nPING\r\nQUIT\r\n".encode())
            return b"+PONG" in b"".join(iter(lambda: client.recv(256), b""))
        return False

    def _is_settled(self) -> bool:
        return self.process is None or self.process.poll() is not None or self.is_ready()

    def _program(self) -> str:
        return str(binaries.redis_server(venv=self.venv, embedded=self.embedded))
