"""Fits the platform into the application: logs, headers, limits, health, files; its events told."""

from flask import Flask
from flask_babel import lazy_gettext as _

from marketplace.infra import (
    blobs,
    files,
    idempotency,
    logs,
    mail,
    rates,
    readiness,
    room,
    security_log,
)
from marketplace.infra import events as infra_events
from marketplace.infra.outbox.news import Silent, kept, news
from marketplace.infra.security_log import Kind
from marketplace.settings import Settings
from marketplace.web import (
    assets,
    compression,
    headers,
    health,
    limits,
    platform_wording,
    requests,
    signing,
    transport,
)
from marketplace.web import files as file_views
from marketplace.web.feature import Feature

NEWS = news(
    kept(infra_events.FileStored, history=_("File uploaded")),
    kept(infra_events.FileBound, history=_("File attached to its record")),
    kept(infra_events.FileDiscarded, history=_("File discarded")),
    kept(
        infra_events.DeliveryReplayed,
        history=_("Delivery started again"),
        security=Kind.OPERATION,
    ),
    kept(
        infra_events.WorkerReleased,
        history=_("Sending released after a restore"),
        security=Kind.OPERATION,
    ),
    kept(
        infra_events.DeliverySkipped,
        history=_("Delivery given up"),
        security=Kind.OPERATION,
    ),
    kept(
        infra_events.KeysRotated,
        history=_("Stored values encrypted under a new key"),
        security=Kind.KEY,
    ),
    kept(
        infra_events.SearchHashesRenewed,
        history=_("Search hashes made anew under a new key"),
        security=Kind.KEY,
    ),
    platform=Silent("it follows engagements only"),
    directory=Silent("it shows institutions only"),
    notice=Silent("not a public act"),
    because="the operator sees it in the back office",
)

FEATURE = Feature(
    blueprints=(health.bp, file_views.bp),
    words=platform_wording,
    news=NEWS,
    deadlines={
        "rate_counts": rates.forget_old_counts,
        "idempotency_keys": idempotency.forget_old_keys,
        "file_orphans": files.sweep_orphans,
    },
    checks={
        "database": readiness.database_answers,
        "worker": readiness.worker_is_alive,
        "outbox": readiness.outbox_keeps_up,
        "held": readiness.nothing_is_held,
        "room": room.there_is_room,
        "security_log": readiness.security_log_is_written,
    },
)


def init_app(app: Flask, settings: Settings) -> None:
    """Prepare everything below the features; called before they are plugged in."""
    logs.configure(production=settings.is_production)
    blobs.use_home(settings.home)
    files.use_scanner(settings.clamd_socket)
    mail.use_settings(settings)
    room.use_settings(settings)
    security_log.use_settings(settings)
    compression.init_app(app)  # before all others, so that it sees last what they answer
    requests.init_app(app)
    headers.init_app(app, settings)
    signing.init_app(app)
    transport.init_app(app, settings)
    assets.init_app(app)
    limits.init_app(app, settings)
