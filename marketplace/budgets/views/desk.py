"""The budget officer's desk: the lines of a year, what is late on them, and their exports."""

from flask import request, url_for
from flask.typing import ResponseReturnValue

from marketplace.budgets import policy, queries
from marketplace.budgets.export import entries_workbook, lines_workbook
from marketplace.budgets.queries import BudgetDesk, DeskFilter
from marketplace.budgets.views import filters, presenting
from marketplace.budgets.views.blueprint import bp, my_department, my_line, readers, today
from marketplace.web.context import current_actor, reading_session
from marketplace.web.filters import same_list
from marketplace.web.sheets import download
from marketplace.web.submit import page


@bp.get("/budgets")
@readers
def lines() -> ResponseReturnValue:
    """Every line of a year from appropriation to payment, late ones first."""
    wanted, found = _asked()
    session, department_id = reading_session(), my_department()
    return page(
        "budgets/lines.html",
        found=found,
        wanted=wanted,
        years=sorted({*queries.years(session, department_id), today().year}, reverse=True),
        groups=filters.groups(wanted, found),
        chosen=filters.chosen(wanted, found),
        sorts=filters.sorts(),
        bar=presenting.bar(found.totals),
        bar_of=presenting.bar,
        paid=presenting.paid_by_line(found),
        names=queries.purposes_of(session, found.late),
        named=presenting.named,
        may_keep=policy.may_keep_lines(current_actor(), department_id),
        export=same_list(url_for(".export_lines")),
        entries=url_for(".export_entries", year=wanted.year),
    )


@bp.get("/budgets/lines.xlsx")
@readers
def export_lines() -> ResponseReturnValue:
    """The lines that the filters find, as a workbook."""
    wanted, found = _asked()
    return download(lines_workbook(found.rows), f"budget-lines-{wanted.year}")


@bp.get("/budgets/entries.xlsx")
@readers
def export_entries() -> ResponseReturnValue:
    """The entries of a year's ledger, or of one line's, as a workbook."""
    session, wanted = reading_session(), filters.read(request.args, today().year)
    if request.args.get("line"):
        chosen = [my_line(request.args["line"])]
    else:
        chosen = list(queries.lines(session, my_department(), wanted.year))
    rows = queries.entries(session, *(line.id for line in chosen))
    names = queries.purposes_of(session, [row for row in rows if row.purpose_kind])
    book = entries_workbook(rows, lambda kind, key: presenting.named(names, kind, key).text)
    return download(book, f"budget-entries-{wanted.year}")


def _asked() -> tuple[DeskFilter, BudgetDesk]:
    wanted = filters.read(request.args, today().year)
    return wanted, queries.desk(reading_session(), my_department(), wanted, today())
