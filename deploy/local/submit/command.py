"""`./hemaqueue submit DIR --server URL --token-file F`: the command itself."""

from __future__ import annotations

import argparse
import fcntl
import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from deploy.local.client import Client
from deploy.local.console import Console
from deploy.local.stopping import stopped_by_signals
from deploy.local.submit.files import STATE, files_of
from deploy.local.submit.journal import Journal, OtherSubmission
from deploy.local.submit.manifest import ManifestRefused, manifest_rows
from deploy.local.submit.sending import KeptOut, Sending, Unreachable
from deploy.local.submit.told import Exit, Outcome, write_refused
from deploy.local.submit.watching import Watching

LOOK_EVERY = 1.0
CONTEXT = ("accession", "patient", "specimen_type", "stain", "image_kind", "site")


class Trouble(Exception):
    """What a user can mend; the message says how."""


def run(arguments: Sequence[str]) -> int:
    """Send a folder; returns one of `told.Exit`."""
    options = parsed(arguments)
    console = Console(quiet=options.json)
    try:
        with stopped_by_signals():
            return _run(options, console=console)
    except KeptOut as error:
        return _ended(Exit.KEPT_OUT, f"{error} Is the token for this server, and for slide:write?")
    except Unreachable as error:
        return _ended(Exit.UNFINISHED, f"not finished, go on with --resume: {error}")
    except ManifestRefused as error:
        return _ended(Exit.MANIFEST, str(error))
    except (Trouble, OtherSubmission, OSError, ValueError) as error:
        return _ended(Exit.TROUBLE, str(error))


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("./hemaqueue submit")
    add = parser.add_argument
    add("folder", type=Path, metavar="DIR", help="the images; subfolders too")
    add("--server", required=True, metavar="URL", help="https://hemaqueue.hospital.example")
    add("--token-file", required=True, type=Path, metavar="F", help="a file with the token")
    add("--ca", metavar="F", help="certificates of your own authority")
    add("--manifest", type=Path, metavar="CSV", help="a row for each file; the server reads it")
    add("--name", default="", help="of the batch")
    for name in CONTEXT:
        add(f"--{name.replace('_', '-')}", default="", help=argparse.SUPPRESS)
    add("--wait", action="store_true", help="until every image has its result")
    add("--resume", action="store_true", help="go on with what was begun")
    add("--state", type=Path, metavar="F", help=f"the state file (DIR/{STATE})")
    add("--refused", type=Path, metavar="CSV", help="where to write what was refused")
    add("--every-file", action="store_true", help="whatever its name ends with")
    add("--watch", action="store_true", help="send what arrives in DIR, until stopped")
    add("--every", type=float, default=5.0, metavar="S", help="look into DIR every S seconds")
    add("--patience", type=float, default=900.0, metavar="S", help="while the server is away")
    add("--json", action="store_true", help="print one JSON object, nothing else")
    return parser.parse_args(arguments)


def _run(options: argparse.Namespace, *, console: Console) -> int:
    if not options.folder.is_dir():
        raise Trouble(f"{options.folder} is no folder")
    client = Client.at(options.server, _token(options.token_file), authority=options.ca)
    state = options.state or options.folder / STATE
    if state.exists() and not (options.resume or options.watch):
        raise Trouble(f"{state} tells of a submission: go on with --resume, or remove it")
    with _alone(state):
        usual = {name: getattr(options, name) for name in CONTEXT if getattr(options, name)}
        sending = Sending(client, Journal(state, client.url), usual, patience=options.patience)
        if options.watch:
            Watching(options.folder, sending, options.every, console.say).run()
        return _submitted(sending, options, console=console)


@contextmanager
def _alone(state: Path) -> Iterator[None]:
    """Hold the state file: it is read only where nobody writes it."""
    with state.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Trouble(f"another ./hemaqueue submit uses {state}") from error
        yield


def _submitted(sending: Sending, options: argparse.Namespace, *, console: Console) -> int:
    started = time.monotonic()
    files = files_of(options.folder, every=options.every_file)
    if not files:
        raise Trouble(f"no JPEG, PNG or TIFF below {options.folder}")
    if options.manifest:
        sending.said = manifest_rows(sending, options.manifest, names=list(files))
    name = options.name or options.folder.resolve().name
    batch = sending.batch_open(name=name, expected=len(files))
    entries = sending.send(files, tell=lambda n: console.bar(n, of=len(files), what="files sent"))
    counts = _waited(sending, batch, console=console) if options.wait else {}
    seconds = time.monotonic() - started
    outcome = Outcome(entries, sending.client.url, batch, counts, seconds)
    if outcome.refused:
        write_refused(options.refused or _beside(options.folder), outcome.refused)
    console.end_bar()
    console.say(outcome.sentence())
    if options.json:
        print(json.dumps(outcome.as_json(), indent=1), flush=True)
    return int(outcome.exit)


def _waited(sending: Sending, batch: str, *, console: Console) -> dict[str, int]:
    """Ask for the batch until nothing of it is on its way; return its counts."""
    while True:
        status, answer = sending.asked(lambda: sending.client.get(f"/api/v1/batches/{batch}/"))
        if status != 200:
            raise Trouble(f"the batch cannot be read: {answer.get('detail', status)}")
        counts: dict[str, int] = answer["counts"]
        console.bar(counts["done"] + counts["failed"], of=counts["accepted"], what="results")
        if answer["final"]:
            return counts
        time.sleep(LOOK_EVERY)


def _token(file: Path) -> str:
    token = file.read_text().strip()
    if not token or not token.isascii() or not token.isprintable():
        raise Trouble(f"{file} holds no token: make one on the tokens page")
    return token


def _beside(folder: Path) -> Path:
    return folder.resolve().with_name(f"{folder.resolve().name}-refused.csv")


def _ended(status: Exit, said: str) -> int:
    print(f"\n{said}", file=sys.stderr)
    return int(status)
