"""What every installation shares."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hemaqueue.settings import env
from hemaqueue.settings.parts.api import *  # noqa: F403
from hemaqueue.settings.parts.logs import *  # noqa: F403
from hemaqueue.settings.parts.security import *  # noqa: F403

ROOT = Path(__file__).resolve().parents[3]
SECRET_KEY = env.SECRET_KEY
ALLOWED_HOSTS = env.ALLOWED_HOSTS
DEBUG = False
ROOT_URLCONF = "hemaqueue.urls"
WSGI_APPLICATION = "hemaqueue.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"

INSTALLED_APPS = [
    "hemaqueue.common",
    "hemaqueue.accounts",
    "hemaqueue.audit",
    "hemaqueue.notices",
    "hemaqueue.specimens",
    "hemaqueue.registry",
    "hemaqueue.jobs",
    "hemaqueue.predictions",
    "hemaqueue.reviews",
    "hemaqueue.evaluations",
    "hemaqueue.reports",
    "hemaqueue.exports",
    "hemaqueue.training",
    "hemaqueue.pipeline",
    "hemaqueue.api",
    "hemaqueue.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "guardian",
    "knox",
    "pgtrigger",
    "rest_framework",
]

MIDDLEWARE = [
    "hemaqueue.common.middleware.RequestIdMiddleware",
    "hemaqueue.common.middleware.PagesCompressedMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "hemaqueue.common.middleware.PrivacyHeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "hemaqueue.web.middleware.PersonLanguageMiddleware",
    "hemaqueue.web.middleware.IntendedUseMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "frontend_templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "hemaqueue.web.context.page_facts",
            ],
        },
    }
]
FORM_RENDERER = "hemaqueue.web.drawing.FieldRenderer"

DATABASES = {"default": env.DATABASE | {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}}
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "statistics": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "statistics",
        "TIMEOUT": 60,  # seconds for which a number over days may be old
    },
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français")]
LOCALE_PATHS = [ROOT / "frontend_templates" / "locale"]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = env.DATA / "static"
STATICFILES_DIRS = [ROOT / "frontend_templates" / "static"]

# Patient pictures stay in memory until they are encrypted: nothing is spooled to disk in clear.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 64 << 20
DATA_UPLOAD_MAX_MEMORY_SIZE = 1 << 20
DATA_UPLOAD_MAX_NUMBER_FILES = 20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

HEMAQUEUE = {
    "REDIS_URL": env.REDIS_URL,
    "PUBLIC_URL": env.PUBLIC_URL,
    "METRICS_TOKEN": env.METRICS_TOKEN,
    "SILENCE_SECONDS": env.SILENCE_SECONDS,
    "BATCH_SIZE": env.BATCH_SIZE,
    "LINGER_SECONDS": 0.25,  # of a bulk: what arrives meanwhile travels together
    "WAITING_SEATS": max(1, env.WEB_THREADS // 2),
    "UPLOAD_LIMIT_BYTES": 64 << 20,
    "FREE_DISK_FLOOR_BYTES": 512 << 20,
    "DEMONSTRATION": False,
    # Requests a minute and person: of any kind, of files, and of files without a batch.
    # Failed logins a minute and address.
    "RATES": {"login": 5, "api": 600, "file": 6000, "single": 60},
    "TRAINING_LABELS_PER_CLASS": 20,
}
