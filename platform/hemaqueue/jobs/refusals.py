"""Why a job is not tried again."""

from __future__ import annotations

from hemaqueue.common.errors import Conflict


class JobNotRetryable(Conflict):
    """Only work that failed can be tried again."""

    code = "not_retryable"


class JobAskedAlready(Conflict):
    """The same work was asked for again in the meantime. Look at the newer one."""

    code = "asked_already"
