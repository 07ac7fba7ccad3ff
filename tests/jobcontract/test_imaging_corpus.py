"""Every file of the bad-input table, through the canonicaliser."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from jobcontract.imaging import REFUSALS, ImageRefused, canonical_picture
from tests.corpus import CASES, Case
from tests.corpus_hostile import HOSTILE
from tests.corpus_mutants import mutants

EVERY = (*CASES, *HOSTILE)

# A fresh process, so that its peak memory is this check's own (VmHWM; ru_maxrss remembers the
# process that started it).
MEASURE = """
import sys, time
from pathlib import Path
from jobcontract.imaging import ImageRefused, canonical_picture
data = Path(sys.argv[1]).read_bytes()
start = time.perf_counter()
try:
    canonical_picture(data)
except ImageRefused as refused:
    code = refused.code
seconds = time.perf_counter() - start
status = Path("/proc/self/status").read_text()
peak = status.partition("VmHWM:")[2].split()[0]
print(code, seconds, peak)
"""


@pytest.mark.parametrize("case", EVERY, ids=lambda case: case.id)
def test_a_file_is_read_or_refused_as_the_table_says(case: Case) -> None:
    if case.code:
        with pytest.raises(ImageRefused) as refused:
            canonical_picture(case.data(), name=case.name)
        assert refused.value.code == case.code
        assert refused.value.status == case.status
    else:
        picture = canonical_picture(case.data(), name=case.name)
        assert picture.dtype == np.uint8
        assert picture.shape[2:] == (3,)


@pytest.mark.parametrize("case", [case for case in EVERY if case.bomb], ids=lambda case: case.id)
def test_a_bomb_is_refused_in_a_second_and_200_megabytes(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "bomb"
    path.write_bytes(case.data())
    run = subprocess.run(
        (sys.executable, "-c", MEASURE, str(path)),
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": "platform", "OPENBLAS_NUM_THREADS": "1"},
        cwd=Path(__file__).parents[2],
    )
    code, seconds, peak_kib = run.stdout.split()
    assert code == case.code
    assert float(seconds) < 1
    assert int(peak_kib) < 200_000


def test_no_mutant_does_more_than_be_refused() -> None:
    outcomes = [_outcome(data) for _, data in mutants(300)]
    assert set(outcomes) <= {"", *REFUSALS}
    assert {"", "corrupt_image", "unsupported_type", "image_too_large"} <= set(outcomes)


@pytest.mark.long
def test_no_mutant_of_ten_thousand_does_more_than_be_refused() -> None:
    outcomes = {_outcome(data) for _, data in mutants(10_000, seed=7)}
    assert outcomes <= {"", *REFUSALS}


def _outcome(data: bytes) -> str:
    try:
        assert canonical_picture(data).dtype == np.uint8
    except ImageRefused as refused:
        return refused.code
    return ""
