"""The application factory: the only module that knows every part."""

import sys
from importlib import import_module

from flask import Flask
from flask_babel import Babel
from flask_wtf import CSRFProtect
from sqlalchemy import inspect

from admin import office
from marketplace import cli, migrating
from marketplace.infra import crypto, rights
from marketplace.infra.clock import ClockOffset, require_real_time
from marketplace.infra.database import db, engine_options, prepare_engine
from marketplace.settings import ROOT, Settings, settings_of_start
from marketplace.web import api, errors, frame, platform, style, words
from marketplace.web.feature import Feature, plug_in

# Lower features first. What each plugs in stands in its `feature.py`.
FEATURES = (
    "catalogue",
    "accounts",
    "clocks",
    "institutions",
    "capacity",
    "vetting",
    "projects",
    "commission_requests",
    "budgets",
    "competitions",
    "engagements",
    "continuations",
    "incidents",
    "staffing",
    "verdicts",
    "ratings",
    "quotations",
    "contracts",
    "rulings",
    "client_records",
    "critical_path",
    "complaints",
    "assessments",
    "supervision",
    "notifications",
    "openness",
    "approvals",
    "discovery",
    "portal",
    "desks",
    "demo",
)


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application from the settings (by default from the environment).

    Ends the program in plain words where the environment lacks a setting or has one that cannot
    be used.
    """
    settings = settings or settings_of_start()
    app = Flask(
        "marketplace",
        root_path=str(ROOT / "marketplace"),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
        instance_path=str(settings.home),
    )
    _configure(app, settings)
    crypto.load_keys(settings.data_keys, settings.hash_key, settings.older_hash_keys)
    db.init_app(app)
    Babel(app, locale_selector=frame.choose_locale)
    with app.app_context():
        prepare_engine(db.engine)
        if settings.is_production:
            _refuse_moved_clock()
            _refuse_owner()
    platform.init_app(app, settings)
    CSRFProtect(app)  # behind the platform: what it refuses has its number, line and headers, too
    for edge in (errors, frame, words):
        edge.init_app(app)
    app.register_blueprint(style.bp)
    api.init_app(app)
    plug_in(app, (platform.FEATURE, *load(settings)))
    office.init_app(app)
    cli.init_app(app)
    migrating.init_app(app)
    return app


def load(settings: Settings) -> tuple[Feature, ...]:
    """Import all features, without making an application; what they plug in."""
    import_module("marketplace.demo.models")  # where there is no demo world, its table is there
    return tuple(part_of(name) for name in FEATURES if name != "demo" or settings.is_demo)


def part_of(name: str) -> Feature:
    """What the feature of that name plugs in."""
    found: Feature = import_module(f"marketplace.{name}.feature").FEATURE
    return found


def _refuse_moved_clock() -> None:
    """A database that once was a demo may not become production with its clock ahead."""
    if inspect(db.engine).has_table(ClockOffset.__tablename__):
        require_real_time(db.session())
        db.session.remove()


def _refuse_owner() -> None:
    """In production who serves pages may not change tables, whatever somebody makes it do."""
    too_many = rights.too_many_rights(db.engine)
    if too_many:
        db.engine.dispose()
        sys.exit(
            f"The user of DATABASE_URL {'; '.join(too_many)}. Give the tables to another one, whom"
            " MARKETPLACE_OWNER_URL names: see “Two users of the database” in docs/operating.md."
        )


def _configure(app: Flask, settings: Settings) -> None:
    app.extensions["settings"] = settings
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        BABEL_DEFAULT_LOCALE="zh_Hans_CN",
        BABEL_DEFAULT_TIMEZONE="Asia/Shanghai",
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "marketplace" / "translations"),
        MAX_CONTENT_LENGTH=64 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,
        # By the prefix browsers take it from this host and by https only.
        SESSION_COOKIE_NAME=f"{'__Host-' if settings.by_https else ''}marketplace_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.by_https,
    )
    # Whatever FLASK_DEBUG says: no places in the code and no reloading in production.
    app.debug = app.debug and not settings.is_production
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
