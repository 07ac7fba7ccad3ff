"""A bundle is what it says, or it is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from inference_worker.bundle import (
    FACTS,
    WEIGHTS,
    Bundle,
    ModelIntegrity,
    load_bundle,
    load_stored_bundle,
)
from inference_worker.rebuild import rebuild, weights_of
from jobcontract import signing, storage
from jobcontract.messages import ModelReference
from tests.inference_worker.making import small_bundle


def test_weights_come_back_in_half_precision(bundle: Bundle) -> None:
    assert {value.dtype for value in bundle.weights.values()} == {np.dtype(np.float16)}
    rebuilt = weights_of(rebuild(bundle))
    assert all(np.array_equal(rebuilt[name], bundle.weights[name]) for name in bundle.weights)


def test_facts_come_back(tmp_path: Path) -> None:
    made = small_bundle(tmp_path, name="other-2", temperature=0.7)
    assert load_bundle(tmp_path, digest=made.digest).facts == made.facts


@pytest.mark.parametrize("name", [FACTS, WEIGHTS])
def test_one_wrong_byte_is_found(tmp_path: Path, name: str) -> None:
    made = small_bundle(tmp_path)
    content = bytearray((tmp_path / name).read_bytes())
    content[-5] ^= 1
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ModelIntegrity):
        load_bundle(tmp_path, digest=made.digest)


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    made = small_bundle(tmp_path, parameters={"widths": [4, 8, 8, 16], "seed": 3})
    with pytest.raises(ModelIntegrity, match="do not fit"):
        rebuild(made)


def test_another_format_is_refused(tmp_path: Path) -> None:
    small_bundle(tmp_path)
    values = json.loads((tmp_path / FACTS).read_text()) | {"format": 99}
    (tmp_path / FACTS).write_text(json.dumps(values))
    with pytest.raises(ModelIntegrity, match="Format 1 was expected"):
        load_bundle(tmp_path)


def test_a_signed_bundle_is_read_from_the_store(reference: ModelReference) -> None:
    assert load_stored_bundle(reference).digest == reference.digest


@pytest.mark.parametrize("signed", ["another digest", None])
def test_a_bundle_without_its_signature_is_refused(
    reference: ModelReference, signed: str | None
) -> None:
    text = signing.sign(signed, salt=signing.Salt.BUNDLE) if signed else "no signature"
    storage.write(f"{reference.bundle_key}/signature", text.encode())
    with pytest.raises(ModelIntegrity, match="signature"):
        load_stored_bundle(reference)
