"""What the harness changes in the product is still there: a change that misses proves nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from tests.chaos.below import guards, points, poison, seam

ALL = """
import importlib, sys
from tests.chaos.below import seam
seam.install()
import django
django.setup()
for module in sys.argv[1:]:
    importlib.import_module(module)
"""


def test_every_change_fits_the_module_that_it_changes() -> None:
    assert guards and points and poison, "they register their changes"
    given = os.environ | {
        seam.VARIABLE: ",".join(seam.CHANGES),
        poison.SLOW: "0",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    modules = sorted({module for module, _ in seam.CHANGES.values()})
    run = subprocess.run(
        [sys.executable, "-c", ALL, *modules],
        env=given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("name", ["publish", "send"])
def test_what_is_not_there_or_is_called_otherwise_is_a_misfit(name: str) -> None:
    module = SimpleNamespace(__name__="dispatcher", publish=lambda parcel, jobs: None)
    with pytest.raises(seam.Misfit):
        setattr(seam.Fitting(module), name, lambda parcel: None)


def test_what_a_change_would_look_for_later_has_to_be_there() -> None:
    module = SimpleNamespace(__name__="reaper", reap=None, Job=None, Now=None, silence=None)
    with pytest.raises(seam.Misfit, match=r"reaper\.transaction"):
        seam.require_names(guards.waiting_is_silence, module)
