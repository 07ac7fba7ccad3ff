"""What the inference worker's tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from inference_worker.bundle import Bundle
from inference_worker.engine import Engine
from jobcontract import signing, storage
from jobcontract.messages import ModelReference
from tests.inference_worker.making import small_bundle


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return small_bundle(tmp_path_factory.mktemp("bundle"))


@pytest.fixture(scope="session")
def engine(bundle: Bundle) -> Engine:
    return Engine(bundle)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty file store of this test's own."""
    monkeypatch.setenv("HEMAQUEUE_DATA", str(tmp_path))
    return tmp_path / "files"


@pytest.fixture
def reference(store: Path, tmp_path: Path) -> ModelReference:
    """A small bundle in the store, signed as the platform signs it."""
    folder = tmp_path / "made"
    digest = small_bundle(folder).digest
    for path in folder.iterdir():
        storage.write(f"bundles/{digest}/{path.name}", path.read_bytes())
    signature = signing.sign(digest, salt=signing.Salt.BUNDLE)
    storage.write(f"bundles/{digest}/signature", signature.encode())
    return ModelReference(version="1", bundle_key=f"bundles/{digest}", digest=digest)
