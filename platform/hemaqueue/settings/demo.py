"""One machine, loopback only, no TLS: for looking around, never for patients."""

from hemaqueue.settings.base import *  # noqa: F403
from hemaqueue.settings.base import HEMAQUEUE

ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
# Benchmarks and tests of the whole system ask as fast as they can.
HEMAQUEUE = HEMAQUEUE | {"DEMONSTRATION": True, "RATES": {}}
