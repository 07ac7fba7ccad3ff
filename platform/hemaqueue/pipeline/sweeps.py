"""Files that nobody needs: an upload ended between the disk and the database, or a job is over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from hemaqueue.jobs.models import Job
from hemaqueue.jobs.states import JobState
from hemaqueue.specimens.archives import FOLDER
from hemaqueue.specimens.models import SmearImage
from hemaqueue.training.models import DatasetImage
from hemaqueue.training.snapshots import MANIFESTS
from jobcontract import storage
from jobcontract.names import Queue

LEFT_ALONE_SECONDS = 24 * 3600
ARCHIVES_KEPT_SECONDS = 7 * 24 * 3600
AT_ONCE = 500


def files_unclaimed() -> Iterator[str]:
    """Yield the keys of images' files that are a day old and belong to no image and to no data set.

    A file is younger than its row by less than a request: a day is far on the safe side.
    """
    old = storage.keys_older("images", seconds=LEFT_ALONE_SECONDS)
    for keys in _slices(old, AT_ONCE):
        claimed = SmearImage.objects.filter(key__in={_owner(key) for key in keys})
        imported = DatasetImage.objects.filter(key__in={_owner(key) for key in keys})
        known = set(claimed.values_list("key", flat=True))
        known |= set(imported.values_list("key", flat=True))
        yield from (key for key in keys if _owner(key) not in known)


def archives_left() -> Iterator[str]:
    """Yield the keys of archives that arrived a week ago: unpacked long since, or given up."""
    return storage.keys_older(FOLDER, seconds=ARCHIVES_KEPT_SECONDS)


def manifests_left() -> Iterator[str]:
    """Yield the keys of manifests that are a day old and that no job can ask for any more."""
    over = (JobState.SUCCEEDED, JobState.CANCELLED)
    payloads = Job.objects.filter(queue=Queue.TRAINING).exclude(state__in=over)
    parts = (part for one in payloads.values_list("payload", flat=True) for part in one.values())
    wanted = {part["key"] for part in parts if isinstance(part, dict) and "key" in part}
    old = storage.keys_older(MANIFESTS, seconds=LEFT_ALONE_SECONDS)
    return (key for key in old if key not in wanted)


def _owner(key: str) -> str:
    """Return the key of the original: previews and thumbnails bear it with a suffix."""
    return key.partition(".")[0]


def _slices(keys: Iterable[str], size: int) -> Iterator[list[str]]:
    iterator = iter(keys)
    while part := list(islice(iterator, size)):
        yield part
