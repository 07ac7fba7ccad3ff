"""How a site reads: set by its administrator, with a reason, and every change on record.

Its clinicians see the same page without what changes it.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hemaqueue.accounts.models import Site, User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import may, sites_allowing
from hemaqueue.common.errors import Missing, NotAllowed
from hemaqueue.reviews.agreement import agreement_of_pairs
from hemaqueue.reviews.policy import (
    PolicyUnchanged,
    policy_change,
    policy_history,
    policy_of,
    policy_values,
)
from hemaqueue.specimens.scale import site_scale_set
from hemaqueue.web.errors import page
from hemaqueue.web.forms.policy import PolicyForm
from hemaqueue.web.forms.scale import SiteScaleForm
from hemaqueue.web.people import person
from hemaqueue.web.shown.policy import pairs_shown, policies_shown, policy_line


@require_GET
@page
def policies(request: HttpRequest) -> HttpResponse:
    sites = sites_allowing(person(request), act=Act.KNOW_RULES)
    if not sites:
        raise NotAllowed
    if len(sites) == 1:
        return redirect("policy", site=sites[0].slug)
    return render(request, "policy/policies.html", {"sites": sites})


@require_http_methods(["GET", "POST"])
@page
def policy(request: HttpRequest, site: str) -> HttpResponse:
    user = person(request)
    if request.method == "GET":
        return _policy_page(request, _site(user, site, act=Act.KNOW_RULES), user=user)
    found = _site(user, site, act=Act.MANAGE)
    form = _policy_form(request, found)
    if form.is_valid():
        try:
            policy_change(found, values=form.values(), reason=form.cleaned_data["why"], by=user)
        except PolicyUnchanged as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("It holds from now on. Open cases are sorted anew."))
            return redirect("policy", site=site)
    return _policy_page(request, found, user=user, form=form)


@require_POST
@page
def scale(request: HttpRequest, site: str) -> HttpResponse:
    """Set what the site's microscope gives where a sender says nothing else."""
    user = person(request)
    found = _site(user, site, act=Act.MANAGE)
    form = SiteScaleForm(request.POST)
    if not form.is_valid():
        return _policy_page(request, found, user=user, scale_form=form)
    site_scale_set(found, microns_per_pixel=form.cleaned_data["microns_per_pixel"], by=user)
    messages.success(request, _("New images get this scale where their sender says nothing else."))
    return redirect("policy", site=site)


def _site(user: User, slug: str, *, act: Act) -> Site:
    sites = sites_allowing(user, act=act)
    found = next((one for one in sites if one.slug == slug), None)
    if found is None:
        raise Missing
    return found


def _policy_form(request: HttpRequest, site: Site) -> PolicyForm:
    return PolicyForm(request.POST or None, initial=vars(policy_values(policy_of(site.pk))))


def _policy_page(
    request: HttpRequest,
    site: Site,
    *,
    user: User,
    form: PolicyForm | None = None,
    scale_form: SiteScaleForm | None = None,
) -> HttpResponse:
    """Return the page; with the forms for who manages the site, without for who reads there."""
    now = policy_of(site.pk)
    context = {
        "site": site,
        "line": policy_line(now),
        "history": policies_shown(policy_history(site)),
        "pairs": pairs_shown(agreement_of_pairs(site)),
    }
    if may(user, act=Act.MANAGE, site=site):
        usual = {"microns_per_pixel": site.default_microns_per_pixel or ""}
        context["form"] = form or PolicyForm(initial=vars(policy_values(now)))
        context["scale_form"] = scale_form or SiteScaleForm(initial=usual)
    status = 422 if request.method == "POST" else 200
    return render(request, "policy/policy.html", context, status=status)
