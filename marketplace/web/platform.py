"""Fits the platform into the application: logs, headers, limits, health, files, mail."""

from flask import Flask

from marketplace.infra import blobs, files, idempotency, logs, mail, rates, readiness
from marketplace.settings import Settings
from marketplace.web import assets, headers, health, limits, platform_wording, requests
from marketplace.web import files as file_views
from marketplace.web.feature import Feature
from marketplace.web.platform_news import NEWS

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
    },
)


def init_app(app: Flask, settings: Settings) -> None:
    """Prepare everything below the features; called before they are plugged in."""
    logs.configure(production=settings.is_production)
    blobs.use_home(settings.home)
    files.use_scanner(settings.clamd_socket)
    mail.use_settings(settings)
    requests.init_app(app)
    headers.init_app(app, settings)
    assets.init_app(app)
    limits.init_app(app, settings)
