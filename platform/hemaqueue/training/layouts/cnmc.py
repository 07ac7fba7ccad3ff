"""C-NMC 2019: `UID_<subject>_<slide>_<cell>_<all|hem>`; without the last part the folder says it.

Gupta and Gupta, "ALL Challenge dataset of ISBI 2019", 2019. Subjects of healthy people begin
with H.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from hemaqueue.training.layouts.base import Fault, Files, Found, Labelled, pictures_of

NAME = re.compile(r"UID_(?P<subject>H?\d+)_\d+_\d+(?:_(?P<name>all|hem))?$", re.IGNORECASE)


def subject_in(picture: str) -> str:
    """Return the subject's id in a file name, "" where there is none."""
    found = NAME.match(PurePosixPath(picture).stem)
    return found["subject"].upper() if found else ""


def read(files: Files) -> Found:
    pictures: list[Labelled] = []
    faults: list[Fault] = []
    for file in pictures_of(files.names()):
        found, folder = NAME.match(PurePosixPath(file).stem), PurePosixPath(file).parent.name
        if not found:
            words = "The file name is not UID_<subject>_<slide>_<cell>."
            faults.append(Fault(file, "no_subject", words))
        elif not (name := found["name"] or folder):
            faults.append(Fault(file, "no_class", "Neither the name nor a folder says the class."))
        else:
            pictures.append(Labelled(file, name, subject=found["subject"].upper()))
    return pictures, faults
