"""`_relay.py ADDRESS PORT`: what arrives at that address goes to the same port of loopback."""

from __future__ import annotations

import asyncio
import sys
from functools import partial

PIECE = 1 << 16


async def copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    while piece := await source.read(PIECE):
        target.write(piece)
        await target.drain()
    target.close()


async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, port: int) -> None:
    there, back = await asyncio.open_connection("127.0.0.1", port)
    await asyncio.gather(copy(reader, back), copy(there, writer), return_exceptions=True)


async def main(address: str, port: int) -> None:
    server = await asyncio.start_server(partial(relay, port=port), address, port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
