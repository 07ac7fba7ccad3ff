"""Reading cases, batches and images: what `user` may see, and nothing else exists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import CharField, Count, F, OuterRef, QuerySet, Subquery, UUIDField
from django.db.models.functions import Coalesce, Now

from hemaqueue.accounts.models import Site, User
from hemaqueue.common.errors import Missing
from hemaqueue.common.prepared import Given, Prepared
from hemaqueue.specimens.models import (
    Batch,
    Case,
    CaseUserObjectPermission,
    RefusedFile,
    SmearImage,
)

_twins: Prepared[SmearImage] = Prepared(
    lambda: SmearImage.objects.filter(
        site=Given("site", UUIDField()), sha256=Given("sha256", CharField()), withdrawn_at=None
    ).order_by("id")[:1]
)


def image_list(user: User) -> QuerySet[SmearImage]:
    """Return the images that `user` may see and nobody withdrew, newest first."""
    found: QuerySet[SmearImage] = SmearImage.objects.visible_to(user).filter(withdrawn_at=None)
    related = found.select_related("case", "site", "slide__specimen", "batch", "uploaded_by")
    return related.order_by("-uploaded_at", "-id")


def image_get(user: User, pk: UUID) -> SmearImage:
    """Return one image, withdrawn or not.

    Raises:
        Missing: there is none, or `user` may not see it; nobody can tell which.
    """
    visible = SmearImage.objects.visible_to(user)
    image: SmearImage | None = (
        visible.filter(pk=pk).select_related("case", "site", "slide__specimen").first()
    )
    if image is None:
        raise Missing
    return image


def image_twin(*, site: Site, sha256: str) -> SmearImage | None:
    """Return the image of this site with the same bytes. Other sites' copies are unknown."""
    return next(iter(_twins(site=site.pk, sha256=sha256)), None)


def case_list(user: User) -> QuerySet[Case]:
    found: QuerySet[Case] = Case.objects.visible_to(user)
    return found.select_related("site", "created_by").order_by("-created_at", "-id")


def case_get(user: User, pk: UUID) -> Case:
    """Return one case.

    Raises:
        Missing: there is none, or `user` may not see it.
    """
    case = case_list(user).filter(pk=pk).first()
    if case is None:
        raise Missing
    return case


def case_images(case: Case) -> QuerySet[SmearImage]:
    """Return the images of a case that nobody withdrew, in the order they came."""
    found: QuerySet[SmearImage] = SmearImage.objects.filter(case=case, withdrawn_at=None)
    return found.select_related("slide__specimen", "uploaded_by").order_by("uploaded_at", "id")


def case_attached(case: Case, *, user: User) -> QuerySet[SmearImage]:
    """Return the pictures of other cases that were put beside this one, where `user` sees them."""
    found = image_list(user).filter(attachments__case=case)
    return found.order_by("attachments__at")


def case_guests(case: Case) -> QuerySet[User]:
    """Return the colleagues with whom the case was shared by name."""
    grants = CaseUserObjectPermission.objects.filter(content_object=case)
    return User.objects.filter(pk__in=grants.values("user")).order_by("username")


@dataclass(frozen=True)
class FileHere:
    """A file that a batch has; one that was refused is known by its name alone."""

    name: str
    size: int | None = None
    sha256: str | None = None


def batch_files(batch: Batch) -> list[FileHere]:
    """Return every file that arrived in a batch, whatever became of it."""
    images = SmearImage.objects.filter(batch=batch).only("filename", "bytes", "sha256")
    refused = batch.refused.only("filename", "batch_id")
    taken = [FileHere(str(one.filename), one.bytes, one.sha256) for one in images]
    return taken + [FileHere(str(one.filename)) for one in refused]


def batches_unfinished(user: User) -> QuerySet[Batch]:
    """Return the latest batches of `user` of which fewer files arrived than were announced.

    Each has `missing`, the number of those that did not.
    """
    images = SmearImage.objects.filter(batch=OuterRef("pk")).order_by().values("batch")
    refused = RefusedFile.objects.filter(batch=OuterRef("pk")).order_by().values("batch")
    arrived = Coalesce(Subquery(images.annotate(n=Count("pk")).values("n")), 0) + Coalesce(
        Subquery(refused.annotate(n=Count("pk")).values("n")), 0
    )
    mine = batch_list(user).filter(created_by=user, expected__gt=0)
    recent = mine.filter(created_at__gt=Now() - timedelta(days=7))
    return recent.annotate(missing=F("expected") - arrived).filter(missing__gt=0)


def batch_list(user: User) -> QuerySet[Batch]:
    found: QuerySet[Batch] = Batch.objects.visible_to(user)
    return found.select_related("site", "created_by").order_by("-created_at", "-id")


def batch_get(user: User, pk: UUID) -> Batch:
    """Return one batch.

    Raises:
        Missing: there is none, or `user` may not see it.
    """
    batch = batch_list(user).filter(pk=pk).first()
    if batch is None:
        raise Missing
    return batch
