"""Imported pictures to which another file gave another class, whichever of the two came first.

The fault that an import noted names the picture (`twin`) and the other class. Before 22 November
2026 it told, in words, only the picture's data set and class. Where several pictures fit these
words, none of them teaches until `twins_find` has looked at the files again.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from hemaqueue.accounts.selectors import require_installation
from hemaqueue.audit.services import audit_record
from hemaqueue.training.layouts import read_files
from hemaqueue.training.layouts.base import Files
from hemaqueue.training.lessons import CONTRADICTED
from hemaqueue.training.models import Dataset, DatasetFault, DatasetImage

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User

WORDS = re.compile(r"The same picture is in (?P<where>.+) with another class \((?P<label>.+)\)\.")
HERE, WITHOUT_CLASS = "this data set", "none"


def labels_otherwise(
    kind: str, *, datasets: Collection[UUID] | None
) -> defaultdict[UUID, set[str]]:
    """Return the other classes of each contradicted picture; "" is one that was not noted.

    Args:
        kind: Of the pictures.
        datasets: Only what files of these sets say counts; None is all.
    """
    noted = DatasetFault.objects.filter(code=CONTRADICTED, dataset__kind=kind)
    if datasets is not None:
        noted = noted.filter(dataset__in=datasets)
    found: defaultdict[UUID, set[str]] = defaultdict(set)
    for twin, label in noted.exclude(twin=None).values_list("twin_id", "label"):
        found[twin].add(label)
    for fault in noted.filter(twin=None).defer("name"):
        for picture in _fitting(fault).values_list("pk", flat=True):
            found[picture].add(fault.label)
    return found


def _fitting(fault: DatasetFault) -> QuerySet[DatasetImage]:
    """Return the pictures that the words of a fault without a twin fit."""
    said = WORDS.match(fault.detail)
    if said is None:
        return DatasetImage.objects.none()
    label = "" if said["label"] == WITHOUT_CLASS else said["label"]
    if said["where"] == HERE:
        return DatasetImage.objects.filter(label=label, dataset=fault.dataset_id)
    return DatasetImage.objects.filter(label=label, dataset__name=said["where"])


def twins_missing(dataset: Dataset) -> QuerySet[DatasetFault]:
    return dataset.faults.filter(code=CONTRADICTED, twin=None)


@transaction.atomic
def twins_find(dataset: Dataset, files: Files, *, by: User) -> int:
    """Look again at the files whose twin was not noted; return how many twins were found.

    Raises:
        Missing: `by` does not run the installation.
        NoPictures: the files are no data set.
    """
    require_installation(by)
    names = {one.file: one.name for one in read_files(files, layout=dataset.layout).pictures}
    found = 0
    for fault in twins_missing(dataset):
        if fault.name not in names:
            continue
        data = files.read(fault.name, most=settings.HEMAQUEUE["UPLOAD_LIMIT_BYTES"])
        digest = hashlib.sha256(data).hexdigest()
        fault.twin = DatasetImage.objects.filter(sha256=digest).first()
        fault.label = dataset.names.get(names[fault.name], "")
        fault.save(update_fields=["twin", "label"])
        found += fault.twin is not None
    audit_record("dataset.find_twins", by=by, about=dataset, found=found)
    return found
