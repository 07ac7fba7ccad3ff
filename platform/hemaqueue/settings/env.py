"""The environment, read once and loudly: what is missing is named, with what to do."""

from __future__ import annotations

import environ
from django.core.exceptions import ImproperlyConfigured

from jobcontract.environment import SettingMissing, data_folder
from jobcontract.environment import secret as read_secret

env = environ.FileAwareEnv()


def secret(name: str) -> str:
    """Return a secret, from the variable or from the file that `name`_FILE names."""
    try:
        return read_secret(name)
    except SettingMissing as error:
        raise ImproperlyConfigured(str(error)) from error


def secret_or_none(name: str) -> str:
    """Return a secret, or an empty text where there is none."""
    try:
        return read_secret(name)
    except SettingMissing:
        return ""


DATABASE = env.db_url("DATABASE_URL")
REDIS_URL = secret("REDIS_URL")
SECRET_KEY = secret("HEMAQUEUE_SECRET_KEY")
METRICS_TOKEN = secret_or_none("HEMAQUEUE_METRICS_TOKEN")
DATA = data_folder()
ALLOWED_HOSTS = env.list("HEMAQUEUE_ALLOWED_HOSTS", default=[])
PUBLIC_URL = env.str("HEMAQUEUE_PUBLIC_URL", default="http://127.0.0.1:8000")
SILENCE_SECONDS = env.float("HEMAQUEUE_SILENCE_SECONDS", default=60.0)
BATCH_SIZE = env.int("HEMAQUEUE_BATCH_SIZE", default=32)
WEB_THREADS = env.int("HEMAQUEUE_WEB_THREADS", default=8)
