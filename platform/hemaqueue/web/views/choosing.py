"""What who sent images may still do: send held ones anyway, take some back, attach one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import require
from hemaqueue.pipeline.bench import (
    AlreadyRead,
    batch_jobs_failed,
    smear_released,
    smear_withdrawn,
    smears_held,
    smears_released,
    smears_withdrawn,
)
from hemaqueue.specimens.choosing import NotAttachable, image_attach
from hemaqueue.specimens.selectors import batch_get, case_get, image_get, image_list
from hemaqueue.web.errors import page
from hemaqueue.web.people import back_to, person
from hemaqueue.web.shown.rows import image_rows


@require_POST
@page
def case_attach(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a picture of another case beside this one."""
    user = person(request)
    case = case_get(user, pk)
    require(user, act=Act.UPLOAD, site=case.site_id)
    try:
        image = image_get(user, UUID(request.POST.get("image", "")))
        image_attach(image, case=case, by=user)
    except (ValueError, NotAttachable):
        messages.warning(request, _("This picture cannot be put beside the case."))
        return redirect(back_to(request))
    words = _("The picture stands beside %s now; it is still decided in its own case.")
    messages.success(request, words % case.accession)
    return redirect(back_to(request))


@require_POST
@page
def batch_withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take back what failed for one cause: the pictures themselves are at fault."""
    user = person(request)
    found = batch_get(user, pk)
    require(user, act=Act.WITHDRAW, site=found.site_id)
    failed = batch_jobs_failed(found, code=request.POST.get("code", "")).values("subject")
    mine = image_list(user).filter(batch=found, uploaded_by=user, pk__in=failed)
    taken = smears_withdrawn(mine, by=user)
    _say_taken(request, taken)
    return redirect("batch", pk=pk)


@require_POST
@page
def batch_held(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Choose about everything of a batch that is held: send it anyway, or take it back."""
    user = person(request)
    found = batch_get(user, pk)
    require(user, act=Act.UPLOAD, site=found.site_id)
    held = list(smears_held(found, by=user))
    if request.POST.get("act") == "send":
        _say_sent(request, smears_released(held, by=user))
    elif request.POST.get("act") == "withdraw":
        _say_taken(request, smears_withdrawn(held, by=user))
    return redirect("batch", pk=pk)


@require_POST
@page
def image_choose(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Choose about one image of one's own: send a held one anyway, or take it back."""
    user = person(request)
    image = image_get(user, pk)
    try:
        if request.POST.get("act") == "send":
            _say_sent(request, int(smear_released(image, by=user) is not None))
        elif request.POST.get("act") == "withdraw":
            smear_withdrawn(image, by=user)
            _say_taken(request, 1)
    except AlreadyRead as refusal:
        messages.warning(request, refusal.sentence)
    if request.headers.get("HX-Request"):
        row = image_rows([image_get(user, pk)], user=user, by_file=True, back=back_to(request))[0]
        return render(request, "image/_row.html", {"row": row})
    return redirect(back_to(request))


def _say_sent(request: HttpRequest, n: int) -> None:
    words = ngettext("%(n)d held image is worked on.", "%(n)d held images are worked on.", n)
    messages.success(request, words % {"n": n})


def _say_taken(request: HttpRequest, n: int) -> None:
    words = ngettext("%(n)d image was taken back.", "%(n)d images were taken back.", n)
    messages.success(request, words % {"n": n})
