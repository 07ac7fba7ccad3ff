"""What stands between a case and its signature, image by image."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from hemaqueue.jobs.selectors import jobs_latest
from hemaqueue.jobs.states import JobState
from hemaqueue.registry.switching import is_suspended
from hemaqueue.reviews.models import Choice, Return
from hemaqueue.reviews.reading import disputed, second_reader_missing
from hemaqueue.reviews.referring import referrals_awaited
from hemaqueue.reviews.selectors import words_latest
from hemaqueue.specimens.models import Case, SmearImage
from hemaqueue.specimens.selectors import case_images
from jobcontract.names import Work

#: What hinders one image; the first that holds is told.
SENTENCES = {
    "at_bench": "Image {n} is at the bench.",
    "held": "Image {n} is held: whoever sent it has not said whether to use it.",
    "working": "Image {n} is still being worked on.",
    "undecided": "Image {n} is not decided.",
    "disagreement": "Readers disagree about image {n}.",
    "uncertain": "Image {n} is uncertain.",
    "second_read": "Image {n} waits for its second reader.",
}


@dataclass(frozen=True)
class Blocker:
    """One thing to be done before signing. `number` is the image's place in the case.

    `name` is the colleague whose second opinion is awaited.
    """

    code: str
    detail: str
    image: UUID | None = None
    number: int = 0
    name: str = ""


def signing_blockers(case: Case) -> list[Blocker]:
    """Return what has to be done before `case` can be signed; nothing when it can be."""
    images = list(case_images(case).values_list("pk", flat=True))
    if not images:
        return [Blocker("no_images", "This case has no images.")]
    return [*_of_images(case, images), *_of_referrals(case)]


def _of_images(case: Case, images: Sequence[UUID]) -> Iterator[Blocker]:
    hindered = _hindered(case, images)
    for number, image in enumerate(images, start=1):
        code = next((code for code in SENTENCES if image in hindered[code]), "")
        if code:
            yield Blocker(code, SENTENCES[code].format(n=number), image, number)


def _hindered(case: Case, images: Sequence[UUID]) -> dict[str, Collection[UUID]]:
    """Return for each code of SENTENCES the images of which it holds: the same for any number."""
    said = words_latest(images)
    jobs = jobs_latest(images, work=Work.CLASSIFY_SMEARS)
    suspended = is_suspended(case.site_id)
    waiting = Return.objects.filter(image__in=images, settled_at=None)
    return {
        "at_bench": set(waiting.values_list("image", flat=True)),
        "held": _held(images),
        "working": {
            pk for pk, job in jobs.items() if not (suspended or JobState(job.state).is_final)
        },
        "undecided": set(images) - set(said),
        "disagreement": disputed(images),
        "uncertain": {pk for pk, one in said.items() if one.choice == Choice.UNCERTAIN},
        "second_read": second_reader_missing(case, images=images),
    }


def _held(images: Sequence[UUID]) -> set[UUID]:
    """Return the poor images that wait for their sender: no work was asked for them."""
    held = SmearImage.objects.filter(pk__in=images, held_at__isnull=False)
    return set(held.values_list("pk", flat=True))


def _of_referrals(case: Case) -> Iterator[Blocker]:
    for one in referrals_awaited(case):
        name = one.to.printed_name
        yield Blocker("referred", f"The second opinion of {name} is awaited.", name=name)
