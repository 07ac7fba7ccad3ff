"""A technician with an own, empty store: what a door leaves behind can be counted."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hemaqueue.registry.models import ModelVersion
from hemaqueue.specimens.intake import upload as door
from tests import factories
from tests.people import clara, tessa

__all__ = ["clara", "tessa"]


@pytest.fixture
def serving(db: None) -> ModelVersion:
    return factories.ModelVersionFactory()


@pytest.fixture
def left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[Path]]:
    """Give the store and the temporary files folders of their own; tell what lies in them."""
    store, temporary = tmp_path / "data", tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setenv("HEMAQUEUE_DATA", str(store))
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return lambda: [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.fixture(autouse=True, scope="module")
def helpers_end_with_the_module() -> Iterator[None]:
    yield
    if door._pool is not None:
        door._pool.close()
        door._pool = None
