"""Fits the platform into the application: logs, headers, limits, health, files, mail."""

from flask import Flask

from marketplace.infra import blobs, files, logs, mail
from marketplace.settings import Settings
from marketplace.web import assets, headers, health, limits, platform_wording, requests, wording
from marketplace.web import files as file_views


def init_app(app: Flask, settings: Settings) -> None:
    """Prepare everything below the features; called before their parts are loaded."""
    logs.configure(production=settings.is_production)
    blobs.use_home(settings.home)
    files.use_scanner(settings.clamd_socket)
    mail.use_settings(settings)
    requests.init_app(app)
    headers.init_app(app, settings)
    assets.init_app(app)
    limits.init_app(app, settings)
    app.register_blueprint(health.bp)
    app.register_blueprint(file_views.bp)
    wording.register(platform_wording)
