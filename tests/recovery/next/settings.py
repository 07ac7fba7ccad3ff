"""The settings of the release after this one."""

from hemaqueue.settings.demo import *  # noqa: F403
from hemaqueue.settings.demo import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.recovery.next.apps.NextConfig"]
