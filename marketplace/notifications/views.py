"""The box of messages at /notifications."""

from flask import Blueprint, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Actor
from marketplace.notifications import queries, services
from marketplace.notifications.queries import NotificationRow
from marketplace.notifications.wording import message_text, message_title
from marketplace.web.context import current_actor, reading_session
from marketplace.web.forms import ActForm
from marketplace.web.guard import signed_in
from marketplace.web.submit import page, submit

bp = Blueprint("notifications", __name__, url_prefix="/notifications")


@bp.record_once
def _count_unread(state: BlueprintSetupState) -> None:
    """Wire the counter of the top bar."""

    def unread(actor: Actor) -> int:
        return queries.unread(reading_session(), actor)

    state.app.extensions["unread_counter"] = unread


@bp.app_template_filter("notification_title")
def _title(row: NotificationRow) -> str:
    return message_title(row.kind, row.details)


@bp.app_template_filter("notification_text")
def _text(row: NotificationRow) -> str:
    return message_text(row.kind, row.details)


@bp.get("")
@signed_in
def index() -> ResponseReturnValue:
    """Everything I was told, newest first."""
    only_unread = request.args.get("show") == "unread"
    number = request.args.get("page", 1, type=int)
    box = queries.box(reading_session(), current_actor(), page=number, only_unread=only_unread)
    return page("notifications/index.html", box=box, only_unread=only_unread, act=ActForm())


@bp.post("/<notification_id>")
@signed_in
def read(notification_id: str) -> ResponseReturnValue:
    """Open what a message is about, and note that it was read."""
    form = ActForm()
    return (
        submit(form, lambda uow: services.read_notification(uow, notification_id=notification_id))
        or index()
    )


@bp.post("/all")
@signed_in
def read_all() -> ResponseReturnValue:
    """Note that everything was read."""
    form = ActForm()

    def work(uow: UnitOfWork) -> str:
        services.read_all(uow)
        return url_for(".index")

    return submit(form, work) or index()
