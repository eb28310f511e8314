"""Telling the approval platform what happened: signed, retried, in order per engagement."""

from marketplace.approvals import services
from marketplace.approvals.client import Answer, Unreachable
from marketplace.approvals.link import Link
from marketplace.infra.clock import business_now, real_now
from marketplace.infra.database import reading_session
from marketplace.infra.outbox.delivery import Later
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel import webhooks
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.webhooks import CloudEvent

GONE = 410
# How often it is looked whether the operator has reopened a closed channel.
CLOSED_SECONDS = 300.0


def send_event(link: Link, event: CloudEvent) -> None:
    """Hand one event over, or raise `Later`: only an answer of 2xx is success.

    The instant of the signature is that of this attempt; id and body are the same each time.
    """
    if pause := link.sending.wait():
        raise Later("the platform is out of order", seconds=pause, counts=False)
    body = webhooks.event_body(event)
    secret = link.settings.approvals_secret
    headers = webhooks.signed_headers(secret, event.id, real_now(), body)
    headers["content-type"] = webhooks.MEDIA_TYPE
    try:
        answer = link.client.send(body, headers)
    except Unreachable as error:
        link.sending.failed()
        raise Later(str(error)) from error
    link.sending.worked()
    if not answer.good:
        raise _refusal(answer)


def _refusal(answer: Answer) -> Later:
    """Try again as the retry plan or the platform says; where it is gone, wait for the operator."""
    if answer.status == GONE:
        with reading_session() as session:
            uow = UnitOfWork(SYSTEM, business_now(session))
        with uow:
            services.close_channel(uow)
        return closed()
    return Later(f"answered {answer.status}", seconds=answer.retry_after)


def closed() -> Later:
    """Nothing is sent while the platform takes nothing; nothing is lost meanwhile."""
    return Later("the platform takes no more", seconds=CLOSED_SECONDS, counts=False)
