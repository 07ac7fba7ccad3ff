"""allauth's addresses: logging in, logging out, the password. The rest leads to a person.

allauth reverses all of its names itself, so each of them has an address.
"""

from __future__ import annotations

from allauth.account import views
from django.urls import path

from hemaqueue.web.views.entrance import by_administrator, login

urlpatterns = [
    path("login/", login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("inactive/", by_administrator, name="account_inactive"),
    path("signup/", by_administrator, name="account_signup"),
    path("email/", by_administrator, name="account_email"),
    path("confirm-email/", by_administrator, name="account_email_verification_sent"),
    path("confirm-email/<str:key>/", by_administrator, name="account_confirm_email"),
    path("login/code/confirm/", by_administrator, name="account_confirm_login_code"),
    path("password/set/", by_administrator, name="account_set_password"),
    path("password/reset/", by_administrator, name="account_reset_password"),
    path("password/reset/done/", by_administrator, name="account_reset_password_done"),
    path(
        "password/reset/key/done/",
        by_administrator,
        name="account_reset_password_from_key_done",
    ),
    path(
        "password/reset/key/<str:uidb36>-<str:key>/",
        by_administrator,
        name="account_reset_password_from_key",
    ),
]
