"""The commands of the operator: `flask worker`, `tick`, `outbox`, `demo`, `keys` and others."""

import re
from datetime import timedelta
from functools import partial

import click
from flask import Flask, current_app
from flask.cli import AppGroup, ScriptInfo, pass_script_info, with_appcontext

from marketplace import event_map, state_diagrams
from marketplace.infra import idempotency, keys, rehashing
from marketplace.infra.clock import business_now, move_forward
from marketplace.infra.database import db, reading_session, writing_session
from marketplace.infra.made import LOOKED_AT_MARK
from marketplace.infra.outbox import settling
from marketplace.infra.outbox.delivery import deliver_all
from marketplace.infra.outbox.models import DeliveryState
from marketplace.infra.outbox.queue import outbox_state
from marketplace.infra.restoring import look_at_home, release_worker
from marketplace.infra.stray_numbers import strays
from marketplace.infra.tasks import UnknownTask, run_task
from marketplace.infra.unit_of_work import system_work
from marketplace.infra.worker import Worker, settle_due
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.times import SHANGHAI
from marketplace.settings import Settings

_STEP = re.compile(r"\+?([0-9]{1,5})([dhm])")
_UNITS = {"d": "days", "h": "hours", "m": "minutes"}


def init_app(app: Flask) -> None:
    """Add the commands to this application."""
    own = (worker, release, tick, reindex, outbox, imports, demo, docs, key_group, personal_numbers)
    for command in own:
        app.cli.add_command(command)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _run(name: str) -> None:
    try:
        click.echo(run_task(name))
    except UnknownTask:
        raise click.ClickException(f"Nothing here does “{name}”.") from None


# ------------------------------------------------------------------ the machinery


@click.command("worker")
@pass_script_info
def worker(info: ScriptInfo) -> None:
    """Deliver events and settle what falls due, until stopped."""
    app = info.load_app()
    runner = Worker(app.extensions["settings"], app.app_context)
    runner.stop_on_signals()
    runner.run()
    with app.app_context():
        db.engine.dispose()


@click.command("release")
@click.option("--reason", required=True, help="Why; kept with the history.")
@with_appcontext
def release(reason: str) -> None:
    """Let the worker send again after the database was restored."""
    try:
        with system_work() as uow:
            release_worker(uow, home=_settings().home, reason=reason)
    except Refused as refusal:
        raise click.ClickException(refusal.code) from None
    click.echo("The worker sends again.")


@click.command("tick")
@with_appcontext
def tick() -> None:
    """Settle once what is due now, and deliver what that brought about."""
    with writing_session() as session, session.begin():
        if look_at_home(session, _settings().home):
            raise click.ClickException("The database was restored: run “flask release” first.")
    for name, count in sorted(settle_due().items()):
        click.echo(f"{name}: {count}")
    click.echo(f"deliveries: {deliver_all(_settings())}")


@click.command("reindex")
@with_appcontext
def reindex() -> None:
    """Build the search index anew from the database."""
    _run("reindex")


# ------------------------------------------------------------------ outbox

outbox = AppGroup("outbox", help="Look after deliveries that are parked.")


@outbox.command("list")
@click.option("--state", type=click.Choice([s.value for s in DeliveryState]), default="parked")
def list_deliveries(state: str) -> None:
    """List deliveries, by default the parked ones."""
    with reading_session() as session:
        counts = outbox_state(session)
        rows = settling.deliveries_in(session, DeliveryState(state))
    click.echo(f"pending {counts.pending}, parked {counts.parked}, lag {counts.lag_seconds} s")
    for row in rows:
        subject = f"{row.subject_kind} {row.subject_id}"
        click.echo(
            f"{row.id}\t{row.subscriber}\t{row.event_kind}\t{subject}"
            f"\tattempts {row.attempts}\t{row.last_error}"
        )


@outbox.command("replay")
@click.argument("delivery_id", type=int)
@click.option("--reason", required=True, help="Why; kept with the delivery.")
def replay(delivery_id: int, reason: str) -> None:
    """Try a parked delivery again."""
    _settle(partial(settling.replay_delivery, delivery_id=delivery_id, reason=reason))
    click.echo(f"Delivery {delivery_id} is due again.")


@outbox.command("skip")
@click.argument("delivery_id", type=int)
@click.option("--reason", required=True, help="Why; kept with the delivery.")
def skip(delivery_id: int, reason: str) -> None:
    """Give a parked delivery up, so that the later ones of its subject go on."""
    _settle(partial(settling.skip_delivery, delivery_id=delivery_id, reason=reason))
    click.echo(f"Delivery {delivery_id} is skipped.")


def _settle(act: "partial[None]") -> None:
    try:
        with system_work() as uow:
            act(uow)
    except NotFound:
        raise click.ClickException("There is no such delivery.") from None
    except Refused as refusal:
        raise click.ClickException(refusal.code) from None


# ------------------------------------------------------------------ data

imports = AppGroup("import", help="Bring reference data in.")


@imports.command("catalogue")
def import_catalogue() -> None:
    """Bring the shipped items, regions, rules and calendar years up to date."""
    _run("import_catalogue")


demo = AppGroup("demo", help="The demo world; absent in production.")


def _not_in_production() -> None:
    if _settings().is_production:
        raise click.ClickException("There is no demo world in production.")


@demo.command("clock", context_settings={"ignore_unknown_options": True})
@click.argument("step", required=False)
def demo_clock(step: str | None) -> None:
    """Show the clock, or move it forward: +5d, +3h, +30m. It never moves back."""
    _not_in_production()
    if step is not None:
        found = _STEP.fullmatch(step)
        if found is None:
            raise click.ClickException("Say +5d, +3h or +30m.")
        with writing_session() as session, session.begin():
            move_forward(session, timedelta(**{_UNITS[found[2]]: int(found[1])}))
    with reading_session() as session:
        click.echo(business_now(session).astimezone(SHANGHAI).isoformat(" ", "seconds"))


@demo.command("load")
def demo_load() -> None:
    """Make the demo world where it is not complete yet."""
    _not_in_production()
    _run("demo_load")


@demo.command("accounts")
def demo_accounts() -> None:
    """Print who can sign in."""
    _not_in_production()
    _run("demo_accounts")


# ------------------------------------------------------------------ docs and keys

docs = AppGroup("docs", help="Pages of docs/ that are drawn from the code.")


@docs.command("state-diagrams")
@click.option("--check", is_flag=True, help="Change nothing; fail when the page is out of date.")
def draw_state_diagrams(check: bool) -> None:
    """Draw docs/states.md from the tables of steps."""
    if not check:
        state_diagrams.write()
    elif not state_diagrams.is_current():
        raise click.ClickException("docs/states.md is out of date: flask docs state-diagrams")


@docs.command("events")
@click.option("--check", is_flag=True, help="Change nothing; fail when the page is out of date.")
@with_appcontext
def draw_events(check: bool) -> None:
    """Draw docs/events.md from the news and handlers of the features."""
    if not check:
        event_map.write()
    elif not event_map.is_current():
        raise click.ClickException("docs/events.md is out of date: flask docs events")


key_group = AppGroup("keys", help="The keys of encrypted values.")


@key_group.command("rotate")
def rotate_keys() -> None:
    """Encrypt everything anew under the first data key, and hash it under the hash key."""
    broken: list[str] = []
    # The next start looks for itself under which key the hashes are by then.
    (_settings().home / LOOKED_AT_MARK).unlink(missing_ok=True)
    counts = keys.rotate(system_work, broken) | rehashing.rehash(system_work, broken)
    for name, count in counts.items():
        click.echo(f"{name}: {count}")
    with reading_session() as session:
        waiting = idempotency.answers_under_older_keys(session)
    if waiting:
        click.echo(
            f"{waiting} forms of the last day are still known by an older key:"
            " keep it for one more day"
        )
    if broken:
        names = ", ".join(dict.fromkeys(broken))
        raise click.ClickException(f"These do not open under any key, or are there twice: {names}")


@click.command("personal-numbers")
@with_appcontext
def personal_numbers() -> None:
    """Name every text with a personal number in it that was kept before texts were checked."""
    with reading_session() as session:
        found = sorted(strays(session))
    for one in found:
        click.echo(f"{one.table}.{one.column} {one.key}")
    click.echo(f"{len(found)} texts with a personal number")
    if found:
        raise SystemExit(1)
