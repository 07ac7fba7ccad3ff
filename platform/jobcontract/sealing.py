"""Files are encrypted, each with a key of its own, by tink's streaming AEAD.

    b"HQF1" | length of the wrapped data key (2 bytes) | wrapped data key | ciphertext

The data key is wrapped by the installation's key, which only the platform holds. A worker is
given the data keys of its own files inside a message, wrapped by the key that workers share.
The file's key in the store is authenticated with it: files cannot be swapped for one another.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from functools import cache
from typing import BinaryIO

import tink
from tink import aead, cleartext_keyset_handle, streaming_aead

from jobcontract import storage
from jobcontract.environment import secret
from jobcontract.messages import SealedFile

MAGIC = b"HQF1"
PLATFORM_KEY = "HEMAQUEUE_STORAGE_KEY"
CHUNK = 1 << 20
WORKER_KEY = "HEMAQUEUE_WORKER_KEY"


class FileDamaged(Exception):
    """The stored file is not what was written: its seal does not hold."""


@cache
def _register() -> None:
    """tink's registration costs 2 ms each time: once a process is enough."""
    aead.register()
    streaming_aead.register()


@cache
def _wrapping(name: str) -> aead.Aead:
    _register()
    handle = cleartext_keyset_handle.read(tink.JsonKeysetReader(secret(name)))
    return handle.primitive(aead.Aead)


def _new_data_key() -> bytes:
    _register()
    template = streaming_aead.streaming_aead_key_templates.AES128_GCM_HKDF_1MB
    buffer = io.BytesIO()
    cleartext_keyset_handle.write(tink.BinaryKeysetWriter(buffer), tink.new_keyset_handle(template))
    return buffer.getvalue()


def _stream(data_key: bytes) -> streaming_aead.StreamingAead:
    _register()
    handle = cleartext_keyset_handle.read(tink.BinaryKeysetReader(data_key))
    return handle.primitive(streaming_aead.StreamingAead)


def _encrypt(data: bytes, *, data_key: bytes, key: str) -> bytes:
    buffer = _KeptOpen()
    with _stream(data_key).new_encrypting_stream(buffer, key.encode()) as stream:
        stream.write(data)
    return buffer.getvalue()


class _KeptOpen(io.BytesIO):
    """tink closes its destination; the bytes are wanted afterwards."""

    def close(self) -> None:
        pass


def _decrypt(sealed: bytes, *, data_key: bytes, key: str) -> bytes:
    try:
        source = io.BytesIO(sealed[_body_at(sealed) :])
        with _stream(data_key).new_decrypting_stream(source, key.encode()) as stream:
            return bytes(stream.read())
    except (tink.TinkError, OSError) as error:
        raise FileDamaged(key) from error


def _body_at(sealed: bytes) -> int:
    return len(MAGIC) + 2 + int.from_bytes(sealed[len(MAGIC) : len(MAGIC) + 2])


def write_sealed(key: str, data: bytes) -> SealedFile:
    """Encrypt and store `data`; return what a worker needs to read it."""
    return write_sealed_all({key: data})[key]


def write_sealed_all(files: Mapping[str, bytes]) -> dict[str, SealedFile]:
    """Encrypt and store several files at once; return what a worker needs to read each."""
    data_keys = {key: _new_data_key() for key in files}
    storage.write_all(
        {key: _sealed(data, data_key=data_keys[key], key=key) for key, data in files.items()}
    )
    return {key: _for_workers(key, data_key) for key, data_key in data_keys.items()}


def _sealed(data: bytes, *, data_key: bytes, key: str) -> bytes:
    wrapped = _wrapping(PLATFORM_KEY).encrypt(data_key, key.encode())
    body = _encrypt(data, data_key=data_key, key=key)
    return MAGIC + len(wrapped).to_bytes(2) + wrapped + body


def seal_stream(source: BinaryIO, target: BinaryIO, *, key: str) -> None:
    """Encrypt what `source` gives into `target`, which is closed: what has no room in memory."""
    data_key = _new_data_key()
    wrapped = _wrapping(PLATFORM_KEY).encrypt(data_key, key.encode())
    target.write(MAGIC + len(wrapped).to_bytes(2) + wrapped)
    with _stream(data_key).new_encrypting_stream(target, key.encode()) as stream:
        while chunk := source.read(CHUNK):
            stream.write(chunk)


def open_stream(source: BinaryIO, target: BinaryIO, *, key: str) -> None:
    """Write the plain bytes of `seal_stream` to `target`. What was written before an error counts
    for nothing.

    Raises:
        FileDamaged: the bytes are not those that were written, or the key is another.
    """
    head = source.read(len(MAGIC) + 2)
    wrapped = source.read(int.from_bytes(head[len(MAGIC) :]))
    data_key = _data_key(head + wrapped, key=key)
    try:
        with _stream(data_key).new_decrypting_stream(source, key.encode()) as stream:
            while chunk := stream.read(CHUNK):
                target.write(chunk)
    except tink.TinkError as error:
        raise FileDamaged(key) from error


def _for_workers(key: str, data_key: bytes) -> SealedFile:
    wrapped = _wrapping(WORKER_KEY).encrypt(data_key, key.encode())
    return SealedFile(key=key, data_key=base64.b64encode(wrapped).decode())


def _data_key(sealed: bytes, *, key: str) -> bytes:
    if sealed[: len(MAGIC)] != MAGIC:
        raise FileDamaged(key)
    try:
        wrapped = sealed[len(MAGIC) + 2 : _body_at(sealed)]
        return _wrapping(PLATFORM_KEY).decrypt(wrapped, key.encode())
    except tink.TinkError as error:
        raise FileDamaged(key) from error


def read_sealed(key: str) -> bytes:
    """Return the plain bytes, on the platform's side.

    Raises:
        FileMissing: nothing is stored under `key`.
        FileDamaged: the bytes on disk are not those that were written.
    """
    sealed = storage.read(key)
    return _decrypt(sealed, data_key=_data_key(sealed, key=key), key=key)


def shared_file(key: str) -> SealedFile:
    """Return what a worker needs to read a file that was stored earlier."""
    return _for_workers(key, _data_key(storage.read(key), key=key))


def read_shared(file: SealedFile) -> bytes:
    """Return the plain bytes, on a worker's side; it holds no key but the workers'.

    Raises:
        FileMissing: nothing is stored under the key.
        FileDamaged: the data key or the bytes do not belong together.
    """
    try:
        wrapped = base64.b64decode(file.data_key)
        data_key = _wrapping(WORKER_KEY).decrypt(wrapped, file.key.encode())
    except (tink.TinkError, ValueError) as error:
        raise FileDamaged(file.key) from error
    return _decrypt(storage.read(file.key), data_key=data_key, key=file.key)


def seal_text(text: str, *, purpose: str) -> bytes:
    """Encrypt a short text for a column; `purpose` (table.column) is authenticated with it."""
    return _wrapping(PLATFORM_KEY).encrypt(text.encode(), purpose.encode())


def open_text(sealed: bytes, *, purpose: str) -> str:
    """Return the text of `seal_text`.

    Raises:
        FileDamaged: the column was altered, or moved from another place.
    """
    try:
        return _wrapping(PLATFORM_KEY).decrypt(bytes(sealed), purpose.encode()).decode()
    except tink.TinkError as error:
        raise FileDamaged(purpose) from error
