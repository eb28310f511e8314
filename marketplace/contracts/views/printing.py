"""A version of a contract as a PDF: to keep, to print, to hand on."""

import hashlib
from functools import cache

import segno
from flask import Response, current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from marketplace.contracts import services
from marketplace.contracts.queries.prints import given_at
from marketplace.contracts.queries.reading import ContractPage, VersionRow
from marketplace.contracts.rules import BINDING, VersionState
from marketplace.contracts.views.blueprint import bp, load, said
from marketplace.engagements.wording import item_text
from marketplace.infra.printing import as_pdf
from marketplace.kernel.money import in_capitals
from marketplace.settings import ROOT
from marketplace.web.context import language, reading_session, unit_of_work
from marketplace.web.guard import signed_in
from marketplace.web.limits import limiter
from marketplace.web.wording import label
from marketplace.web.words import day, moment

_STYLES = ROOT / "static" / "css" / "paper.css"

# What the first line says of a version, and what is written across each page of one that does not
# bind (any more).
_STANDS: dict[VersionState, LazyString] = {
    VersionState.DRAFT: _(
        "Not in force. %(side)s put it forward on %(day)s; a change was asked for."
    ),
    VersionState.PUT_FORWARD: _("Not in force. %(side)s put it forward on %(day)s."),
    VersionState.HALF_CONFIRMED: _(
        "Not in force. %(side)s put it forward on %(day)s; the other side has not confirmed it."
    ),
    VersionState.DROPPED: _(
        "Not in force. %(side)s put it forward on %(day)s; it was dropped on %(end)s."
    ),
    VersionState.LAPSED: _(
        "Not in force. %(side)s put it forward on %(day)s; it lapsed on %(end)s."
    ),
    VersionState.IN_FORCE: _("In force since %(since)s: both sides have confirmed this text."),
    VersionState.SUPERSEDED: _("No longer in force: replaced by an amendment on %(end)s."),
    VersionState.ENDED: _("No longer in force: the contract ended on %(end)s."),
}


@bp.get("/engagements/<engagement_id>/contract/<version_id>.pdf")
@signed_in
@limiter.limit("30 per minute")
def paper(engagement_id: str, version_id: str) -> ResponseReturnValue:
    """A version for whoever may read the contract, in the language of the page."""
    loaded = load(engagement_id)
    row = loaded.version(version_id)
    made = as_pdf(_page(loaded, row), _styles(), key=row.content_hash)
    _remember(row, hashlib.sha256(made).hexdigest())
    name = f"{row.number}-{row.version}-{language()}.pdf"
    answer = Response(made, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@cache
def _styles() -> str:
    return _STYLES.read_text("utf-8")


def _page(loaded: ContractPage, row: VersionRow) -> str:
    """The paper as HTML; what the contract's own page does not show does not stand in it."""
    address = _address(row)
    return render_template(
        "contracts/paper.html",
        row=row,
        said=said(row, loaded.engagement),
        item=item_text(loaded.engagement),
        stands=_stands(row),
        binds=row.state is VersionState.IN_FORCE,
        across=_("No longer in force") if row.state in BINDING else _("Not in force"),
        lang="en" if language() == "en" else "zh-CN",
        capitals=in_capitals(row.amount_fen) if language() == "zh" else "",
        address=address,
        picture=segno.make(address, error="m").svg_data_uri(border=2) if address else "",
    )


def _stands(row: VersionRow) -> str:
    return str(_STANDS[row.state]) % {
        "side": label(f"side.{row.put_forward_by_side}"),
        "day": day(row.put_forward_at),
        "since": moment(row.in_force_at),
        "end": day(row.ended_at),
    }


def _address(row: VersionRow) -> str:
    """Where anybody checks it; a text that never bound both has no such page."""
    if row.state not in BINDING:
        return ""
    base: str = current_app.extensions["settings"].base_url
    return base + url_for(".verify", code=row.code)


def _remember(row: VersionRow, sha256: str) -> None:
    """Keep the digest of what is given out, so that its holder can have it compared."""
    if row.state not in BINDING or given_at(reading_session(), row.id, sha256):
        return
    with unit_of_work() as uow:
        services.note_print(uow, version=row.public_id, sha256=sha256)
