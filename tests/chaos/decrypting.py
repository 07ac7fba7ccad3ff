"""Opens stored files as the platform does: keys in on standard input, their hashes out, as JSON.

A process of its own, because it needs the installation's keys in its environment.
"""

from __future__ import annotations

import hashlib
import json
import sys

from jobcontract.sealing import FileDamaged, read_sealed
from jobcontract.storage import FileMissing


def hash_or_fault(key: str) -> str:
    """Return the SHA-256 of the plain bytes, or the name of what prevents reading them."""
    try:
        return hashlib.sha256(read_sealed(key)).hexdigest()
    except (FileDamaged, FileMissing) as error:
        return type(error).__name__


if __name__ == "__main__":
    json.dump({key: hash_or_fault(key) for key in json.load(sys.stdin)}, sys.stdout)
