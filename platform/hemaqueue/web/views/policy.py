"""How a site reads: set by its administrator, with a reason, and every change on record."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import sites_allowing
from hemaqueue.common.errors import Missing, NotAllowed
from hemaqueue.reviews.agreement import agreement_of_pairs
from hemaqueue.reviews.policy import (
    PolicyUnchanged,
    policy_change,
    policy_history,
    policy_of,
    policy_values,
)
from hemaqueue.web.errors import page
from hemaqueue.web.forms.policy import PolicyForm
from hemaqueue.web.people import person
from hemaqueue.web.shown.policy import pairs_shown, policies_shown


@require_GET
@page
def policies(request: HttpRequest) -> HttpResponse:
    sites = list(sites_allowing(person(request), act=Act.MANAGE))
    if not sites:
        raise NotAllowed
    if len(sites) == 1:
        return redirect("policy", site=sites[0].slug)
    return render(request, "policy/policies.html", {"sites": sites})


@require_http_methods(["GET", "POST"])
@page
def policy(request: HttpRequest, site: str) -> HttpResponse:
    user = person(request)
    found = sites_allowing(user, act=Act.MANAGE).filter(slug=site).first()
    if found is None:
        raise Missing
    now = policy_of(found.pk)
    form = PolicyForm(request.POST or None, initial=vars(policy_values(now)))
    if form.is_valid():
        try:
            policy_change(found, values=form.values(), reason=form.cleaned_data["why"], by=user)
        except PolicyUnchanged as refusal:
            form.add_error(None, refusal.detail)
        else:
            messages.success(request, _("It holds from now on. Open cases are sorted anew."))
            return redirect("policy", site=site)
    context = {
        "site": found,
        "form": form,
        "history": policies_shown(policy_history(found)),
        "pairs": pairs_shown(agreement_of_pairs(found)),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "policy/policy.html", context, status=status)
