"""What who sent an image may still do with it: send a held one on, take one back, attach one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models.functions import Now

from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import require
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Conflict, NotAllowed
from hemaqueue.specimens.models import Attachment, SmearImage

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User
    from hemaqueue.specimens.models import Case


class NotAttachable(Conflict):
    """Only a picture of another case of the same site can be put beside this one."""

    code = "not_attachable"


class NotTheSender(NotAllowed):
    """Only who sent an image may take it back or send it on."""

    code = "not_the_sender"


@transaction.atomic
def image_release(image: SmearImage, *, by: User) -> bool:
    """Let a held image be worked on as it is; False where it is not held any more.

    Raises:
        NotTheSender: somebody else sent it.
    """
    require(by, act=Act.UPLOAD, site=image.site_id)
    if image.uploaded_by_id != by.pk:
        raise NotTheSender
    held = SmearImage.objects.filter(pk=image.pk, withdrawn_at=None, held_at__isnull=False)
    if not held.update(held_at=None):
        return False
    audit_record("image.send_anyway", by=by, about=image, flags=list(image.quality_flags))
    return True


@transaction.atomic
def image_attach(image: SmearImage, *, case: Case, by: User) -> Attachment:
    """Put a picture of another case of the same site beside this one; once is enough.

    Raises:
        NotAttachable: it lies in this case already, or belongs to another site.
    """
    require(by, act=Act.UPLOAD, site=case.site_id)
    if image.site_id != case.site_id or image.case_id == case.pk or image.withdrawn_at:
        raise NotAttachable
    attached, made = Attachment.objects.get_or_create(case=case, image=image, defaults={"by": by})
    if made:
        audit_record("case.attach", by=by, about=case, image=str(image.pk))
    return attached


@transaction.atomic
def image_withdraw(image: SmearImage, *, by: User) -> None:
    """Take an image out of work and out of lists. Its records and its file stay.

    Raises:
        NotTheSender: somebody else sent it.
    """
    require(by, act=Act.WITHDRAW, site=image.site_id)
    if image.uploaded_by_id != by.pk:
        raise NotTheSender
    SmearImage.objects.filter(pk=image.pk, withdrawn_at=None).update(withdrawn_at=Now())
    audit_record("image.withdraw", by=by, about=image)
