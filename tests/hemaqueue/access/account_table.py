"""Addresses of the account pages, which another table cannot name."""

from __future__ import annotations

#: allauth's own addresses. They show nothing of a patient; what nobody needs leads nowhere.
ACCOUNT = {
    "account_login": "open",
    "account_logout": "own",
    "account_inactive": "closed",
    "account_signup": "closed",
    "account_reauthenticate": "own",
    "account_email": "closed",
    "account_email_verification_sent": "closed",
    "account_change_password": "own",
    "account_set_password": "closed",
    "account_reset_password": "closed",
    "account_confirm_login_code": "closed",
    "account_confirm_email": "closed",
    "account_reset_password_from_key": "closed",
    "account_reset_password_from_key_done": "closed",
    "account_reset_password_done": "closed",
}
