"""Changes modules of the product right after they are imported, in processes of a harness alone.

Nothing in the product knows of this. `HEMAQUEUE_CHAOS` names the changes, by commas.
"""

from __future__ import annotations

import ast
import importlib.abc
import importlib.machinery
import inspect
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from textwrap import dedent
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


class Misfit(Exception):
    """The product has moved on: a change of what is not there, or is called otherwise."""


class Fitting:
    """A module in which only what is there can be replaced, by what can be called as it was.

    A change that hits nothing would prove nothing, and one that breaks its caller too much.
    """

    def __init__(self, module: Any) -> None:
        vars(self)["_module"] = module

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)

    def __setattr__(self, name: str, value: Any) -> None:
        was = getattr(self._module, name, None)
        if was is None or not _is_called_alike(was, value):
            raise Misfit(f"{self._module.__name__}.{name}")
        setattr(self._module, name, value)


def require_names(what: Change, module: Any) -> None:
    """Refuse a change that would look, when it runs, for what the module no longer has.

    Raises:
        Misfit: the first such name.
    """
    function: Any = ast.parse(dedent(inspect.getsource(what))).body[0]
    given = function.args.args[0].arg
    for node in ast.walk(function):
        if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)):
            continue
        if node.value.id == given and not hasattr(module, node.attr):
            raise Misfit(f"{module.__name__}.{node.attr}")


def _is_called_alike(was: Any, now: Any) -> bool:
    """Whether two functions need as many values by their place, and the same ones by name."""
    if not (inspect.isfunction(was) and inspect.isfunction(now)):
        return True
    old, new = (inspect.signature(one).parameters.values() for one in (was, now))
    return any(one.kind is one.VAR_POSITIONAL for one in new) or _shape(old) == _shape(new)


def _shape(parameters: Iterable[inspect.Parameter]) -> list[str]:
    needed = [one for one in parameters if one.default is one.empty]
    return [one.name if one.kind is one.KEYWORD_ONLY else "" for one in needed]


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
            require_names(each, module)
            each(Fitting(module))
