"""The two messages between the web process and a helper, as bytes on a socket.

A message is three lengths, a JSON object and two pieces of raw bytes. Neither side trusts the
other's numbers beyond the limits below: the helper may have been taken over by a hostile file.
"""

from __future__ import annotations

import json
import socket
import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

LENGTHS = struct.Struct(">III")
MOST_JSON = 64 * 1024
MOST_BYTES = 72 * 1024 * 1024


class Exit(IntEnum):
    """How a fork ends, and how the helper ends after it."""

    DONE = 0
    CLOSED = 10
    CRASHED = 11
    TOO_SLOW = 12


class Broken(Exception):
    """The other side ended, or sent something that is no message."""


@dataclass(frozen=True)
class Message:
    """Facts, and up to two files: the upload; or the preview and the thumbnail."""

    facts: dict[str, Any]
    first: bytes = b""
    second: bytes = b""


def send(channel: socket.socket, message: Message) -> None:
    """Send a message; its files are not copied for it."""
    facts = json.dumps(message.facts).encode()
    lengths = LENGTHS.pack(len(facts), len(message.first), len(message.second))
    channel.sendall(lengths + facts)
    for piece in filter(None, (message.first, message.second)):
        channel.sendall(piece)


def receive(channel: socket.socket) -> Message | None:
    """Return the next message, None at the end; raise Broken or TimeoutError."""
    head = _exactly(channel, LENGTHS.size, may_end=True)
    if not head:
        return None
    sizes = LENGTHS.unpack(head)
    if sizes[0] > MOST_JSON or sizes[1] + sizes[2] > MOST_BYTES:
        raise Broken
    facts, first, second = (_exactly(channel, size) for size in sizes)
    try:
        return Message(facts=dict(json.loads(facts)), first=first, second=second)
    except (ValueError, TypeError, RecursionError):
        raise Broken from None


def _exactly(channel: socket.socket, size: int, *, may_end: bool = False) -> bytes:
    buffer = bytearray()
    while len(buffer) < size:
        piece = channel.recv(min(size - len(buffer), 1 << 20))
        if not piece:
            if may_end and not buffer:
                return b""
            raise Broken
        buffer += piece
    return bytes(buffer)
