"""Changes modules of the product right after they are imported, in processes of a harness alone.

Nothing in the product knows of this. `HEMAQUEUE_CHAOS` names the changes, by commas.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import os
import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

VARIABLE = "HEMAQUEUE_CHAOS"
Change = Callable[[Any], None]

CHANGES: dict[str, tuple[str, Change]] = {}


def change(name: str, *, module: str) -> Callable[[Change], Change]:
    """Register a change of one module under a name."""

    def register(what: Change) -> Change:
        CHANGES[name] = (module, what)
        return what

    return register


def install() -> None:
    """Arrange for the changes that the environment names."""
    names = [name for name in os.environ.get(VARIABLE, "").split(",") if name]
    if not names:
        return
    from tests.chaos.below import guards, points, poison  # noqa: F401  they register themselves

    wanted: dict[str, list[Change]] = {}
    for name in names:
        module, what = CHANGES[name]
        wanted.setdefault(module, []).append(what)
    sys.meta_path.insert(0, _Finder(wanted))


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, wanted: dict[str, list[Change]]) -> None:
        self._wanted = wanted

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname not in self._wanted:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader, self._wanted[fullname])
        return spec


class _Loader(importlib.abc.Loader):
    def __init__(self, whole: Any, changes: list[Change]) -> None:
        self._whole, self._changes = whole, changes

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return self._whole.create_module(spec)  # type: ignore[no-any-return]

    def exec_module(self, module: ModuleType) -> None:
        self._whole.exec_module(module)
        for each in self._changes:
            each(module)
