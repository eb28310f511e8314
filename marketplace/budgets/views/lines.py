"""A line from appropriation to payment, and the budget officer's acts on it."""

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.budgets import policy
from marketplace.budgets.forms import ANY_ITEM, AdjustForm, LineForm
from marketplace.budgets.queries import appropriations, spending
from marketplace.budgets.services import ledger
from marketplace.budgets.views import presenting
from marketplace.budgets.views.presenting import bp, my_department, my_hold, my_line, readers, today
from marketplace.catalogue import queries as catalogue
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Role
from marketplace.web.context import current_actor, reading_session
from marketplace.web.guard import for_roles
from marketplace.web.submit import page, submit
from marketplace.web.words import local_name

keepers = for_roles(Role.BUDGET_OFFICER)


@bp.get("/budgets/lines/<line_id>")
@readers
def line(line_id: str) -> ResponseReturnValue:
    """What is held on the line, its payments, and every entry of its ledger."""
    session, row = reading_session(), my_line(line_id)
    entries = appropriations.entries(session, row.id)
    holds = spending.holds(session, row.id, today())
    known: list[spending.HasPurpose] = [*holds]
    known += [entry for entry in entries if entry.purpose_kind]
    return page(
        "budgets/line.html",
        line=row,
        item=catalogue.find_item(session, row.item_code) if row.item_code else None,
        bar=presenting.bar(row),
        holds=holds,
        payments=spending.payments_of_line(session, row.id, today()),
        entries=presenting.newest_first(entries),
        way_text=presenting.way_text,
        names=spending.purposes_of(session, known),
        named=presenting.named,
        may_keep=policy.may_keep_lines(current_actor(), row.department_id),
        may_propose={h.id: policy.may_propose_payment(current_actor(), h.standing) for h in holds},
    )


@bp.get("/budgets/holds/<hold_id>")
@readers
def hold(hold_id: str) -> ResponseReturnValue:
    """Money kept for one purpose: its contract, its payments, its entries."""
    session, row = reading_session(), my_hold(hold_id)
    entries = [e for e in appropriations.entries(session, row.line_id) if e.hold_id == row.id]
    return page(
        "budgets/hold.html",
        hold=row,
        line=appropriations.line(session, row.line_id),
        payments=spending.payments_of(session, row.id, today()),
        entries=presenting.newest_first(entries),
        way_text=presenting.way_text,
        names=spending.purposes_of(session, [row]),
        named=presenting.named,
        may_propose=policy.may_propose_payment(current_actor(), row.standing),
    )


@bp.route("/budgets/lines/new", methods=["GET", "POST"])
@keepers
def new_line() -> ResponseReturnValue:
    """Open a line."""
    form, year = LineForm(), today().year
    items = catalogue.items(reading_session())
    form.offer((year, year + 1, year - 1), [(i.code, f"{i.code} {local_name(i)}") for i in items])

    def work(uow: UnitOfWork) -> str:
        key = ledger.open_line(
            uow,
            department_id=my_department(),
            fiscal_year=int(form.fiscal_year.data),
            name=form.name.data,
            item_code=None if form.item.data == ANY_ITEM else form.item.data,
            appropriation_fen=form.appropriation.parsed,
        )
        opened = appropriations.line(uow.session, key)
        return url_for(".line", line_id=opened.public_id)

    done = submit(form, work, done=_("The line is open."))
    return done or page("budgets/new_line.html", form=form)


@bp.route("/budgets/lines/<line_id>/adjust", methods=["GET", "POST"])
@keepers
def adjust(line_id: str) -> ResponseReturnValue:
    """Set the appropriation anew."""
    row = my_line(line_id)
    form = AdjustForm(data={"appropriation": row.appropriation_fen})

    def work(uow: UnitOfWork) -> str:
        ledger.adjust_line(
            uow,
            line=line_id,
            appropriation_fen=form.appropriation.parsed,
            reason=form.reason.data,
        )
        return url_for(".line", line_id=line_id)

    done = submit(form, work, done=_("The appropriation is changed."))
    return done or page("budgets/adjust.html", form=form, line=row, bar=presenting.bar(row))
