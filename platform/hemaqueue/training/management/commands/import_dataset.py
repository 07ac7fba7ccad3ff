"""`manage.py import_dataset FOLDER --name N --kind field --by adam`: import without a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hemaqueue.accounts.models import User
from hemaqueue.common.errors import PlatformError
from hemaqueue.specimens.models import ImageKind
from hemaqueue.training.dataset_selectors import dataset_counts
from hemaqueue.training.datasets import (
    dataset_begin,
    dataset_discard,
    dataset_import,
    dataset_look_over,
)
from hemaqueue.training.files import FolderFiles
from hemaqueue.training.models import Dataset, Layout


class Command(BaseCommand):
    help = "Import labelled pictures from a folder. Say --dry-run first."

    def add_arguments(self, parser: CommandParser) -> None:
        add = parser.add_argument
        add("folder", type=Path)
        add("--name", required=True, help="what the data set is called here")
        add("--kind", choices=ImageKind.values, default=ImageKind.FIELD)
        add("--by", required=True, help="the user name of who runs the installation")
        add("--layout", choices=Layout.values, default="", help="found out where it is not given")
        add("--source", default="", help="whose it is, and its licence")
        add("--class", action="append", default=[], dest="classes", metavar="NAME=CODE",
            help="the class of a name; NAME= leaves it out")  # fmt: skip
        add("--dry-run", action="store_true", help="only say what lies in it")

    def handle(self, *args: Any, **given: Any) -> None:
        if not given["folder"].is_dir():
            raise CommandError(f"There is no folder {given['folder']}.")
        by = User.objects.filter(username=given["by"], is_active=True).first()
        if by is None:
            raise CommandError(f"Nobody is called {given['by']}.")
        try:
            self._import(FolderFiles(given["folder"]), by=by, given=given)
        except PlatformError as refusal:
            raise CommandError(f"{refusal.detail} ({refusal.code})") from refusal

    def _import(self, files: FolderFiles, *, by: User, given: dict[str, Any]) -> None:
        said = {name: given[name] for name in ("name", "kind", "layout", "source")}
        dataset = dataset_look_over(files, by=by, **said)
        names = dataset.names | dict(one.partition("=")[::2] for one in given["classes"])
        self._tell_found(dataset, names=names)
        if given["dry_run"]:
            dataset_discard(dataset, by=by)
            return
        dataset_begin(dataset, names=names, by=by)
        dataset.refresh_from_db()
        dataset_import(dataset, files, progress=self._tell)
        self._tell_end(dataset)

    def _tell_found(self, dataset: Dataset, *, names: dict[str, str]) -> None:
        self.stdout.write(f"{dataset.get_layout_display()}: {dataset.found['pictures']} pictures")
        for name, count in sorted(dataset.found["classes"].items()):
            self.stdout.write(f"  {name or '(no class)'}: {count} -> {names.get(name) or '-'}")
        for code, count in sorted(dataset.found["faults"].items()):
            self.stdout.write(f"  {code}: {count} files, {dataset.found['examples'][code]}")

    def _tell(self, said: dict[str, Any]) -> None:
        self.stdout.write(f"{said['done']} of {said['of']}")

    def _tell_end(self, dataset: Dataset) -> None:
        counts = dataset_counts(dataset)
        self.stdout.write(
            f"{counts.images} imported, {counts.groups} groups, "
            f"{counts.near} pictures share one; left out: {counts.faults or 'none'}"
        )
