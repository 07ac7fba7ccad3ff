"""`manage.py import_evaluation REPORT.json …`: keep what `./hemaqueue evaluate --json` printed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hemaqueue.common.errors import Refused
from hemaqueue.evaluations.services import evaluation_import, report_read


class Command(BaseCommand):
    help = "Keep reports of ./hemaqueue evaluate --json (with --pictures: images can be opened)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("reports", nargs="+", type=Path)

    def handle(self, *args: Any, reports: list[Path], **options: Any) -> None:
        for path in reports:
            try:
                evaluation = evaluation_import(report_read(path.read_bytes()), by=None)
            except Refused as refusal:
                raise CommandError(f"{path}: {refusal.detail}") from refusal
            self.stdout.write(f"{evaluation.pk} {evaluation.model.name}, n = {evaluation.n}")
