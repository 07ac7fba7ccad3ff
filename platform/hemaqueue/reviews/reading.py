"""Who may read a case, who still has to, where readers differ, and what is kept from whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet

from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import may, sites_allowing
from hemaqueue.common.asking import asked_once
from hemaqueue.common.errors import NotAllowed
from hemaqueue.reviews.differing import words_differ
from hemaqueue.reviews.models import Decision, Referral
from hemaqueue.reviews.policy import policies_of, policies_set, policy_of
from hemaqueue.reviews.reading_twice import READERS, is_read_twice
from hemaqueue.reviews.selectors import (
    Word,
    decisions_latest,
    decisions_of,
    images_unread,
    words_latest,
)
from hemaqueue.specimens.models import SmearImage

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User
    from hemaqueue.specimens.models import Case


def referral_open_to(user: User, *, case: Case) -> Referral | None:
    """Return the second opinion that `user` was asked for and has not given yet."""
    asked = Referral.objects.filter(review__case=case, to=user, answered_at=None)
    return asked.select_related("review", "by").first()


def may_read(user: User, *, case: Case) -> bool:
    """Say whether `user` may decide: a clinician of the site, or one who was asked by name."""
    if may(user, act=Act.DECIDE, site=case.site_id):
        return True
    somewhere = bool(sites_allowing(user, act=Act.DECIDE))
    return somewhere and referral_open_to(user, case=case) is not None


def require_reading(user: User, *, case: Case) -> None:
    """Raise NotAllowed unless `user` may decide about the images of `case`."""
    if not may_read(user, case=case):
        raise NotAllowed


def disputed(images: Iterable[UUID]) -> set[UUID]:
    """Return the images about which readers differ, and nobody has settled it since."""
    read = Decision.objects.filter(image__in=list(images)).values("image")
    often = read.annotate(n=Count("pk")).filter(n__gt=1).values("image")
    words: dict[UUID, list[Decision]] = defaultdict(list)
    for one in Decision.objects.filter(image__in=often).order_by("at", "pk"):
        words[one.image_id].append(one)
    return {image for image, said in words.items() if words_differ(said)}


def case_is_read_twice(case: Case) -> bool:
    percent = policy_of(case.site_id).double_read_percent
    return is_read_twice(case.pk, percent=percent)


def second_reader_missing(case: Case, *, images: Sequence[UUID]) -> set[UUID]:
    """Return the images of a case read twice that one reader alone has read."""
    if not case_is_read_twice(case):
        return set()
    read = Decision.objects.filter(image__in=images, adjudicates=False).values("image")
    found = read.annotate(n=Count("reader")).filter(n__lt=READERS)
    return set(found.values_list("image", flat=True))


@asked_once
def images_left_to(user: User, *, case: Case) -> list[UUID]:
    """Return the images of a case that `user` could read next, in the order they came."""
    return images_left(user, sites={case.pk: case.site_id})[case.pk]


def images_left(user: User, *, sites: Mapping[UUID, UUID]) -> dict[UUID, list[UUID]]:
    """Return, by case, the images that `user` could read next: undecided, or for two readers.

    `sites` holds the cases and the site of each; one query, and one for those read twice.
    """
    percents = {site: one.double_read_percent for site, one in policies_of(sites.values()).items()}
    twice = {case for case, site in sites.items() if is_read_twice(case, percent=percents[site])}
    left: dict[UUID, list[UUID]] = {case: [] for case in sites}
    once = sites.keys() - twice
    images = [images_unread(once)] if once else []
    images += [_unread_by(user, cases=twice)] if twice else []
    for found in images:
        for case, pk in found.order_by("uploaded_at", "id").values_list("case", "pk"):
            left[case].append(pk)
    return left


def _unread_by(user: User, *, cases: Collection[UUID]) -> QuerySet[SmearImage]:
    """Return the images of cases read twice that `user` has not read, nor two others."""
    read = Decision.objects.filter(image=OuterRef("pk"), adjudicates=False)
    readers = read.order_by().values("image").annotate(n=Count("reader")).values("n")
    images: QuerySet[SmearImage] = SmearImage.objects.filter(case__in=cases, withdrawn_at=None)
    return images.filter(~Exists(read.filter(reader=user)), ~Exists(readers.filter(n__gte=READERS)))


def decisions_shown(images: Iterable[UUID], *, reader: User) -> dict[UUID, Decision]:
    """Return the decision about each image that counts, where `reader` may know it."""
    return decisions_latest(_revealed(images, reader=reader))


def words_shown(images: Iterable[UUID], *, reader: User) -> dict[UUID, Word]:
    """Return what counts of each image, where `reader` may know it; not who said it."""
    return words_latest(_revealed(images, reader=reader))


def _revealed(images: Iterable[UUID], *, reader: User) -> list[UUID]:
    wanted = list(images)
    hidden = hidden_from(reader, images=wanted)
    return [image for image in wanted if image not in hidden]


def readings_shown(image: SmearImage, *, reader: User) -> list[Decision]:
    """Return every reader's decision about an image, where `reader` may know them."""
    return [] if hidden_from(reader, images=[image.pk]) else list(decisions_of(image))


def hidden_from(user: User, *, images: Iterable[UUID]) -> set[UUID]:
    """Return the images whose decisions are kept from `user`, who is to read them blind.

    In a case that is read twice, a reader sees nobody else's word before giving their own.
    """
    twice = _read_twice(user, images=list(images))
    if not twice:
        return set()
    readers: dict[UUID, set[UUID]] = {image: set() for image in twice}
    read = Decision.objects.filter(image__in=twice, adjudicates=False)
    for image, reader in read.values_list("image", "reader"):
        readers[image].add(reader)
    return {one for one, by in readers.items() if user.pk not in by and 0 < len(by) < READERS}


def _read_twice(user: User, *, images: Sequence[UUID]) -> set[UUID]:
    """Return those of the images that `user` may have to read as the second reader."""
    mine = {site.pk for site in sites_allowing(user, act=Act.DECIDE)}
    if not mine or not images:
        return set()
    if not any(policy.double_read_percent for policy in policies_set().values()):
        return set()
    found = list(SmearImage.objects.filter(pk__in=images).values_list("pk", "site_id", "case_id"))
    policies = policies_of({site for _pk, site, _case in found})
    asked = Referral.objects.filter(to=user, answered_at=None)
    cases = set(asked.values_list("review__case", flat=True))
    return {
        pk
        for pk, site, case in found
        if (site in mine or case in cases)
        and is_read_twice(case, percent=policies[site].double_read_percent)
    }
