from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "hemaqueue.accounts"
    label = "accounts"
