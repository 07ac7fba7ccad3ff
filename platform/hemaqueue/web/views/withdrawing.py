"""Taking a label or an image out of what models learn from; what a version saw of it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import require
from hemaqueue.common.errors import Conflict, Refused
from hemaqueue.registry.selectors import model_get
from hemaqueue.reviews.withdrawing import (
    image_teach_again,
    image_teaches,
    image_withdraw_from_training,
    label_withdraw,
)
from hemaqueue.specimens.selectors import image_get
from hemaqueue.training.withdrawn import labels_shown, pictures_shown, withdrawn_count
from hemaqueue.web.errors import page
from hemaqueue.web.forms.withdrawing import TeachAgainForm, WithdrawalForm
from hemaqueue.web.people import person
from hemaqueue.web.shown.routing import image_line
from hemaqueue.web.shown.walking import Walk
from hemaqueue.web.shown.withdrawing import label_line, picture_line, teaching_shown

MOST_SHOWN = 200
WITHDRAWN = gettext_lazy("It teaches no model from now on. What was decided stays.")
ACTS = {
    "label": (label_withdraw, WITHDRAWN),
    "image": (image_withdraw_from_training, WITHDRAWN),
    "back": (image_teach_again, gettext_lazy("A later model may learn from this image again.")),
}


@require_http_methods(["GET", "POST"])
@page
def image_unteach(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Withdraw the label that counts, or the image, or put the image back, with a reason."""
    user, walk = person(request), Walk.of(request)
    found = image_get(user, pk)
    require(user, act=Act.WITHDRAW_LABEL, site=found.site_id)
    teaches = image_teaches(found)
    form = (WithdrawalForm if teaches else TeachAgainForm)(request.POST or None)
    if form.is_valid():
        said = form.cleaned_data
        act, done = ACTS[said["scope"]]
        try:
            act(found, reason=said["reason"], by=user)
        except (Refused, Conflict) as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, done)
            return redirect(walk.image_url(found.pk))
    context = {
        "form": form,
        "back": not teaches,
        "image": image_line(found),
        "leave_url": walk.image_url(found.pk),
        "teaching": teaching_shown(found, user=user),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "image/unteach.html", context, status=status)


@require_GET
@page
def model_withdrawn(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The labels that a version learned from and that were withdrawn since."""
    user, version = person(request), model_get(pk)
    shown = [label_line(one) for one in labels_shown(version, user=user)[:MOST_SHOWN]]
    shown += [picture_line(one) for one in pictures_shown(version, user=user)[:MOST_SHOWN]]
    count = withdrawn_count(version)
    context = {"model": version, "labels": shown, "count": count, "hidden": count - len(shown)}
    return render(request, "models/withdrawn.html", context)
