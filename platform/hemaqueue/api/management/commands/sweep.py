"""`manage.py sweep [--dry-run]`: remove what nobody needs any more. To be run once a day."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from hemaqueue.api.idempotency import requests_forget
from hemaqueue.audit.tokens import tokens_forget
from hemaqueue.exports.services import exports_expire
from hemaqueue.pipeline.sweeps import archives_left, files_unclaimed, manifests_left
from jobcontract import storage


class Command(BaseCommand):
    help = "Remove files of no image, requests older than a day, tokens and exports that ended."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what would go")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        unclaimed = [*files_unclaimed(), *archives_left(), *manifests_left()]
        forgotten = 0 if dry_run else requests_forget()
        tokens = 0 if dry_run else tokens_forget()
        for key in [] if dry_run else unclaimed:
            storage.remove(key)
        ended = 0 if dry_run else exports_expire()
        verb = "would be" if dry_run else "were"
        self.stdout.write(
            f"{len(unclaimed)} files {verb} removed, {forgotten} requests and "
            f"{tokens} tokens forgotten, {ended} exports ended"
        )
