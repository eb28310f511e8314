"""The budget officer's desk: a year's lines, one line with its ledger, workbooks, acts on lines."""

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from marketplace.budgets import policy
from marketplace.budgets.forms import ANY_ITEM, AdjustForm, LineForm
from marketplace.budgets.queries import appropriations, spending
from marketplace.budgets.queries.appropriations import LEDGER, LINES, DeskLine, EntryRow, LineRow
from marketplace.budgets.queries.dues import DUES
from marketplace.budgets.queries.spending import HOLDS, PAYMENTS
from marketplace.budgets.rules import FIRST_YEAR, LAST_YEAR
from marketplace.budgets.services import ledger
from marketplace.budgets.views.pages import NameOf, bp, my_department, named_by, readers, today
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.forms import item_name
from marketplace.clocks.queries import light_days
from marketplace.infra.lists import Asked
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound
from marketplace.kernel.money import yuan_number
from marketplace.web.acts import Act, RecordPage, acts
from marketplace.web.context import current_actor, reading_session
from marketplace.web.filters import same_list
from marketplace.web.forms import Form
from marketplace.web.guard import for_roles
from marketplace.web.listing import Column, asked_of, chosen_filters, panel, workbook
from marketplace.web.submit import page, submit
from marketplace.web.wording import label
from marketplace.web.words import local_name

keepers = for_roles(*policy.KEEPERS)
SORTS = (
    ("", _("Late first")),
    ("appropriation", _("Appropriation")),
    ("free", _("Free")),
    ("bound", _("Bound")),
    ("paid", _("Paid")),
)


def kept_for(code: str | None) -> str:
    """The item a line is kept for, or that it pays for any."""
    return f"{code} {item_name(code)}" if code else str(_("Any listed item"))


LINE_COLUMNS: tuple[Column[DeskLine], ...] = (
    Column(_("Fiscal year"), 12, lambda row: row.fiscal_year),
    Column(_("Name of the line"), 30, lambda row: row.name),
    Column(_("Kept for"), 36, lambda row: kept_for(row.item_code)),
    Column(_("Appropriation"), 18, lambda row: yuan_number(row.appropriation_fen), total=True),
    Column(_("Free"), 18, lambda row: yuan_number(row.free_fen), total=True),
    Column(_("Reserved"), 18, lambda row: yuan_number(row.reserved_fen), total=True),
    Column(_("Committed"), 18, lambda row: yuan_number(row.committed_fen), total=True),
    Column(_("Paid"), 18, lambda row: yuan_number(row.paid_fen), total=True),
    Column(_("Late payments"), 14, lambda row: row.late, total=True),
)


def entry_columns(name_of: NameOf) -> tuple[Column[EntryRow], ...]:
    """The columns of the ledger; `name_of` says what money is for."""
    return (
        Column(_("When"), 18, lambda row: row.made_at),
        Column(_("Fiscal year"), 12, lambda row: row.fiscal_year),
        Column(_("Name of the line"), 30, lambda row: row.line_name),
        Column(_("Movement"), 20, lambda row: label(f"entry_kind.{row.kind}")),
        Column(_("Moved from"), 14, lambda row: label(f"bucket.{row.source}")),
        Column(_("Moved to"), 14, lambda row: label(f"bucket.{row.target}")),
        Column(_("Amount in yuan"), 18, lambda row: yuan_number(row.amount_fen), total=True),
        Column(_("Purpose"), 26, lambda row: name_of(row.purpose_kind, row.purpose_id).text),
        Column(_("Payment"), 20, lambda row: row.payment_number),
        Column(_("Entered by"), 16, lambda row: row.actor_name),
        Column(_("Reason"), 40, lambda row: row.why),
    )


def _year() -> int:
    """The fiscal year the address asks for, else the present one."""
    text, this_year = request.args.get("year", ""), today().year
    year = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else this_year
    return year if FIRST_YEAR <= year <= LAST_YEAR else this_year


@bp.get("/budgets")
@readers
def lines() -> ResponseReturnValue:
    """Every line of a year from appropriation to payment, late ones first."""
    session, department_id = reading_session(), my_department()
    year, asked, waits = _year(), asked_of(LINES), asked_of(DUES, page_name="waits")
    found = appropriations.desk(session, department_id, year, today(), asked, waits.page)
    return page(
        "budgets/lines.html",
        found=found,
        year=year,
        years=sorted({*appropriations.years(session, department_id), today().year}, reverse=True),
        groups=panel(LINES, asked, found.lines, text_title=_("Name of the line")),
        chosen=chosen_filters(LINES, asked, url_for(".lines")),
        sorts=SORTS,
        sort=asked.sort,
        paid=[(row.name, yuan_number(row.paid_fen)) for row in found.most_paid],
        name_of=named_by(spending.purposes_of(session, found.waits.rows)),
        may_keep=policy.may_keep_lines(current_actor(), department_id),
        export=same_list(url_for(".export_lines")),
        entries=url_for(".export_entries", year=year),
    )


@bp.get("/budgets/lines.xlsx")
@readers
def export_lines() -> ResponseReturnValue:
    """The lines that the filters find, as a workbook."""
    session, year = reading_session(), _year()
    values = light_days(session, today(), own=my_department())
    rows = LINES.stream(session, asked_of(LINES), values, appropriations.of_year(year))
    return workbook(f"budget-lines-{year}", str(_("Budget lines")), LINE_COLUMNS, rows)


@bp.get("/budgets/entries.xlsx")
@readers
def export_entries() -> ResponseReturnValue:
    """The entries of a year's ledger, or of one line's, as a workbook."""
    session, year = reading_session(), _year()
    within = appropriations.moved_in(my_department(), year)
    if request.args.get("line"):
        within = appropriations.moved_on(my_line(request.args["line"]).id)
    names = named_by(appropriations.purposes_in(session, within))
    rows = LEDGER.stream(session, Asked(sort="oldest"), None, within)
    return workbook(
        f"budget-entries-{year}", str(_("Entries of the ledger")), entry_columns(names), rows
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

    done = submit(form, work, done=str(_("The line is open.")))
    return done or page("budgets/new_line.html", form=form)


# ------------------------------------------------------------------ one line


def my_line(line_id: str) -> LineRow:
    """A line of the actor's department; to others it does not exist."""
    row = appropriations.line(reading_session(), line_id)
    if not policy.may_see(current_actor(), row):
        raise NotFound
    return row


ACTS = acts(
    Act(
        "adjust",
        form=lambda row, **options: AdjustForm(
            data={"appropriation": row.appropriation_fen}, **options
        ),
        run=lambda uow, key, form: ledger.adjust_line(
            uow, line=key, appropriation_fen=form.appropriation.parsed, reason=form.reason.data
        ),
        may=policy.may_adjust_line,
        done=_("The appropriation is changed."),
    )
)


def _show(row: LineRow, _act: str, _form: Form | None) -> ResponseReturnValue:
    """What is held on the line, its payments, and every entry of its ledger."""
    session, actor, on_line = reading_session(), current_actor(), spending.on_line(row.id)
    values = light_days(session, today())
    holds = HOLDS.read(session, asked_of(HOLDS, page_name="holds"), values, on_line)
    payments = PAYMENTS.read(session, asked_of(PAYMENTS, page_name="payments"), values, on_line)
    moved = appropriations.moved_on(row.id)
    entries = LEDGER.read(session, asked_of(LEDGER, page_name="entries"), None, moved)
    known: list[spending.HasPurpose] = [*holds.rows, *payments.rows, *entries.rows]
    return page(
        "budgets/line.html",
        line=row,
        kept_for=kept_for(row.item_code),
        holds=holds,
        payments=payments,
        entries=entries,
        name_of=named_by(spending.purposes_of(session, known)),
        may_adjust=policy.may_adjust_line(actor, row),
        may_propose={h.id: policy.may_propose_payment(actor, h.standing) for h in holds.rows},
    )


def _ask(
    row: LineRow, _act: Act[policy.OfDepartment], form: Form, back: str
) -> ResponseReturnValue:
    return page("budgets/adjust.html", form=form, line=row, back=back)


RecordPage(ACTS, my_line, _show, ask=_ask).serve(
    bp,
    "/budgets/lines/<line_id>",
    endpoint="line",
    act_endpoint="line_act",
    guard=readers,
    act_guard=keepers,
)
