"""For the tests: real PostgreSQL and Redis, a quick password hasher, no cool-off to wait for."""

from hemaqueue.settings.base import *  # noqa: F403
from hemaqueue.settings.base import CACHES, HEMAQUEUE

ALLOWED_HOSTS = ["*"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
HEMAQUEUE = HEMAQUEUE | {
    "METRICS_TOKEN": "for tests",
    "LINGER_SECONDS": 0,  # a test says where it wants others to be waited for
    "RATES": {},
}  # a test asks for the limits that it tries
CACHES = CACHES | {"statistics": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
