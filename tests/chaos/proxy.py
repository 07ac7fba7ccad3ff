"""A small TCP proxy in front of Redis: it resets connections, or swallows what they carry."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from contextlib import suppress

LINGER_NOT = struct.pack("ii", 1, 0)
PIECE = 64 * 1024


class Proxy:
    """Listens on a free port of the loopback interface and passes everything on to `upstream`."""

    def __init__(self, upstream: int) -> None:
        self.upstream = upstream
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._open = threading.Event()
        self._writers: set[asyncio.StreamWriter] = set()
        self._flows: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()
        if not self._open.wait(10):
            raise RuntimeError("the proxy did not start")

    def stop(self) -> None:
        self._call(self._loop.stop)
        self._thread.join(5)

    def reset(self) -> None:
        """End every connection with a TCP reset, as a firewall that forgot them would."""
        self._call(self._reset_all)

    def swallow(self) -> None:
        """Become a black hole: connections stay open and nothing passes."""
        self._call(lambda: self._flows and self._flows.clear())

    def pass_on(self) -> None:
        """Let everything flow again; what was open meanwhile is reset, as after a partition."""
        self._call(lambda: self._flows and self._flows.set())
        self.reset()

    def _call(self, act: object) -> None:
        self._loop.call_soon_threadsafe(act)  # type: ignore[arg-type]

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(self._listen())
        self._open.set()
        self._loop.run_forever()
        server.close()
        self._reset_all()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0.05))
        self._loop.close()

    async def _listen(self) -> asyncio.Server:
        self._flows = asyncio.Event()
        self._flows.set()
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        return server

    def _reset_all(self) -> None:
        for writer in list(self._writers):
            sock = writer.get_extra_info("socket")
            if sock is not None:
                with suppress(OSError):
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.upstream)
        except OSError:
            writer.transport.abort()
            self._writers.discard(writer)
            return
        self._writers.add(far_writer)
        await asyncio.gather(
            self._pump(reader, far_writer), self._pump(far_reader, writer), return_exceptions=True
        )
        self._writers -= {writer, far_writer}

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await reader.read(PIECE):
                if self._flows is not None:
                    await self._flows.wait()
                writer.write(piece)
                await writer.drain()
        writer.transport.abort() if writer.transport.is_closing() else writer.close()
