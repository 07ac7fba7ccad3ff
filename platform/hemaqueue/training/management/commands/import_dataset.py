"""`manage.py import_dataset FOLDER --name N --kind field --by adam`: import without a browser.

What was cut off goes on with `manage.py import_dataset FOLDER --resume ID --by adam`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hemaqueue.accounts.models import User
from hemaqueue.common.errors import PlatformError
from hemaqueue.specimens.models import ImageKind
from hemaqueue.training.dataset_selectors import dataset_counts, dataset_get
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
        add("--name", default="", help="what the data set is called here")
        add("--kind", choices=ImageKind.values, default=ImageKind.FIELD)
        add("--by", required=True, help="the user name of who runs the installation")
        add("--layout", choices=Layout.values, default="", help="found out where it is not given")
        add("--source", default="", help="whose it is, and its licence")
        add("--class", action="append", default=[], dest="classes", metavar="NAME=CODE",
            help="the class of a name; NAME= leaves it out")  # fmt: skip
        add("--dry-run", action="store_true", help="only say what lies in it")
        add("--resume", type=UUID, metavar="ID", help="go on with an import that was cut off")

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
        if given["resume"]:
            dataset = self._half(given)
            names = dataset.names
        else:
            dataset, names = self._looked_over(files, by=by, given=given)
        if given["dry_run"]:
            dataset_discard(dataset, by=by)
            return
        dataset = dataset_begin(dataset, names=names, by=by)
        self.stdout.write(f"If this is cut off, go on with --resume {dataset.pk}")
        dataset_import(dataset, files, progress=self._tell)
        self._tell_end(dataset)

    def _half(self, given: dict[str, Any]) -> Dataset:
        """Return the set that goes on; what was said of it holds."""
        if given["dry_run"] or given["classes"]:
            raise CommandError("--resume goes on as it began: without --dry-run and --class.")
        dataset = dataset_get(given["resume"])
        if not dataset.from_folder:
            raise CommandError("This data set came as a ZIP. Import it on its page.")
        return dataset

    def _looked_over(
        self, files: FolderFiles, *, by: User, given: dict[str, Any]
    ) -> tuple[Dataset, dict[str, str]]:
        said = {name: given[name] for name in ("name", "kind", "layout", "source")}
        dataset = dataset_look_over(files, by=by, **said)
        names = dataset.names | dict(one.partition("=")[::2] for one in given["classes"])
        self._tell_found(dataset, names=names)
        return dataset, names

    def _tell_found(self, dataset: Dataset, *, names: dict[str, str]) -> None:
        self.stdout.write(f"{dataset.get_layout_display()}: {dataset.found['pictures']} pictures")
        for name, count in sorted(dataset.found["classes"].items()):
            self.stdout.write(f"  {name or '(no class)'}: {count} -> {names.get(name) or '-'}")
        for code, count in sorted(dataset.found["faults"].items()):
            self.stdout.write(f"  {code}: {count} files, {dataset.found['examples'][code]}")
        for trait, count in sorted(dataset.found["traits"].items()):
            self.stdout.write(f"  {trait}: kept of {count}")
        if unkept := dataset.found["unkept"]:
            self.stdout.write(f"  columns not kept: {', '.join(unkept)}")

    def _tell(self, said: dict[str, Any]) -> None:
        self.stdout.write(f"{said['done']} of {said['of']}")

    def _tell_end(self, dataset: Dataset) -> None:
        counts = dataset_counts(dataset)
        self.stdout.write(
            f"{counts.images} imported, {counts.groups} groups, "
            f"{counts.near} pictures share one; left out: {counts.faults or 'none'}"
        )
