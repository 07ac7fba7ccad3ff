"""Correcting how large a pixel of an image is, with a reason."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import require
from hemaqueue.common.errors import Conflict, Refused
from hemaqueue.specimens.models import SmearImage
from hemaqueue.specimens.scale import image_scale_set
from hemaqueue.specimens.selectors import case_images, image_get
from hemaqueue.web.errors import page
from hemaqueue.web.forms.scale import ImageScaleForm
from hemaqueue.web.people import person
from hemaqueue.web.shown.routing import image_line
from hemaqueue.web.shown.scale import scale_shown
from hemaqueue.web.shown.walking import Walk


@require_http_methods(["GET", "POST"])
@page
def image_scale(request: HttpRequest, pk: UUID) -> HttpResponse:
    user, walk = person(request), Walk.of(request)
    found = image_get(user, pk)
    require(user, act=Act.SET_SCALE, site=found.site_id)
    form = _form(request, found)
    if form.is_valid():
        said = form.cleaned_data
        try:
            changes = image_scale_set(
                found,
                microns_per_pixel=said["microns_per_pixel"],
                reason=said["reason"],
                by=user,
                whole_case=form.whole_case,
            )
        except (Refused, Conflict) as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _done(len(changes)))
            return redirect(walk.image_url(pk))
    context = {
        "form": form,
        "image": image_line(found),
        "scale": scale_shown(found, user=user),
        "leave_url": walk.image_url(pk),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "image/scale.html", context, status=status)


def _form(request: HttpRequest, image: SmearImage) -> ImageScaleForm:
    usual = {"microns_per_pixel": image.microns_per_pixel or "", "scope": "image"}
    images = case_images(image.case).count()
    return ImageScaleForm(request.POST or None, initial=usual, images=images)


def _done(images: int) -> str:
    if not images:
        return _("The scale was this before. Nothing changed.")
    words = ngettext(
        "The scale of %(n)d image is corrected.", "The scale of %(n)d images is corrected.", images
    )
    return words % {"n": images}
