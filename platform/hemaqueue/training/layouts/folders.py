"""A folder for each class: the name of the folder in which a picture lies."""

from __future__ import annotations

from pathlib import PurePosixPath

from hemaqueue.training.layouts.base import Fault, Files, Found, Labelled, pictures_of


def read(files: Files) -> Found:
    pictures = pictures_of(files.names())
    named = [(name, PurePosixPath(name).parent.name) for name in pictures]
    words = "The picture lies in no folder that could name its class."
    return (
        [Labelled(name, folder) for name, folder in named if folder],
        [Fault(name, "no_class", words) for name, folder in named if not folder],
    )
