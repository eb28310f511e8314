"""The service items: their versions in words, and putting a new one in force."""

from collections.abc import Callable, Iterable, Mapping

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin.access import Section
from admin.item_form import ItemForm, ServiceForm, written
from admin.versions import Facts, facts, history, plain
from marketplace.catalogue import queries, services
from marketplace.catalogue.models import Item, ItemVersion
from marketplace.catalogue.queries import ItemRow, KindRow, reference
from marketplace.catalogue.rules.items import ItemKind, Need
from marketplace.catalogue.wording import limit_text, most_text, need_text
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import Refused
from marketplace.web.context import language, reading_session
from marketplace.web.submit import submit
from marketplace.web.wording import label
from marketplace.web.words import local_name, with_note

Kinds = Mapping[str, KindRow]


def _variants(row: ItemRow, _kinds: Kinds) -> str:
    return _lines(with_note(local_name(one), limit_text(one.limit)) for one in row.variants)


def _legal_basis(row: ItemRow, _kinds: Kinds) -> str:
    return _lines(f"{one.law} {one.article}".strip() for one in row.legal_basis)


def _approvals(row: ItemRow, _kinds: Kinds) -> str:
    return _lines(f"{one.code} {local_name(one.last)}" for one in row.approvals)


def _requirements(row: ItemRow, kinds: Kinds) -> str:
    asked = row.requirements
    if asked.none:
        return str(gettext("No qualification is asked for."))
    parts = [(gettext("All of these:"), asked.all_of), (gettext("At least one of:"), asked.any_of)]
    return "\n".join(
        _lines([str(head), *(_need(one, kinds) for one in needs)]) for head, needs in parts if needs
    )


def _need(need: Need, kinds: Kinds) -> str:
    return need_text(need, kinds.get(need.kind), language())


def _terms(name: str) -> Callable[[ItemRow, Kinds], str]:
    """The lines of a list of the item, in the language of the page."""
    return lambda row, _kinds: _lines(local_name(one) for one in getattr(row, name))


def _lines(parts: Iterable[str]) -> str:
    return "\n".join(parts)


FACTS: Facts = (
    ("name", _("Name"), plain("name")),
    ("name_en", _("English name"), plain("name_en")),
    (
        "limit",
        _("Time limit"),
        lambda row, _kinds: most_text(row) if row.of_market else limit_text(row.limit),
    ),
    (
        "limit_basis",
        _("Basis of the limit"),
        lambda row, _: label(f"limit_basis.{row.limit_basis}"),
    ),
    ("variants", _("Limits of single classes"), _variants),
    ("legal_basis", _("Legal basis"), _legal_basis),
    ("service_content", _("Content of the service"), plain("service_content")),
    ("service_content_en", _("Content of the service, English"), plain("service_content_en")),
    ("papers_owed", _("What the client hands over before the work begins"), _terms("papers_owed")),
    ("checks", _("What the result is checked for"), _terms("checks")),
    ("provider_qualification", _("Who may offer it"), plain("provider_qualification")),
    (
        "provider_qualification_en",
        _("Who may offer it, English"),
        plain("provider_qualification_en"),
    ),
    ("requirements", _("Qualifications asked for"), _requirements),
    ("conflict_rule", _("Conflicts of interest"), plain("conflict_rule")),
    ("conflict_rule_en", _("Conflicts of interest, English"), plain("conflict_rule_en")),
    ("open_to", _("Who may commission it"), lambda row, _: label(f"open_to.{row.open_to}")),
    ("payer_basis", _("Rule by which whoever commissions it pays"), plain("payer_basis")),
    ("payer_basis_en", _("The same rule in English"), plain("payer_basis_en")),
    ("payer_document", _("Number of the document that says so"), plain("payer_document")),
    ("departments", _("Departments"), lambda row, _: _lines(row.departments_now)),
    ("approvals", _("Linked approval items"), _approvals),
    ("prepares", _("Listed items whose object it prepares"), lambda row, _: _lines(row.prepares)),
)


class Items(Section):
    """The list of items, one item with its versions, the form for the next version."""

    group, address = "reference", "items"
    title = _("Service items")
    purpose = _("Listed items and market services in dated versions; a change is a new version.")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The items as they hold now."""
        session = reading_session()
        return self.page(
            "admin/items.html",
            rows=queries.items(session),
            services=[row for row in queries.by_code(session).values() if row.of_market],
            item_list=queries.item_list(session),
        )

    @expose("/<code>")
    def item(self, code: str) -> ResponseReturnValue:
        """One item: what holds now, and what each version changed."""
        session = reading_session()
        row, kinds = queries.item(session, code), _kinds(session)
        versions = _versions(session, code)
        return self.page(
            "admin/item.html",
            row=row,
            facts=facts(FACTS, row, kinds),
            first=versions[0],
            history=history(FACTS, versions, kinds),
        )

    @expose("/<code>/new-version", methods=("GET", "POST"))
    def new_version(self, code: str) -> ResponseReturnValue:
        """Write the next version; it holds from today on."""
        session = reading_session()
        row = queries.item(session, code)
        form = ItemForm(data=written(row))
        form.offer(session, row.kind)

        def work(uow: UnitOfWork) -> str:
            before = queries.item(uow.session, code)
            if str(before.version_id) != form.version.data:
                raise Refused("backoffice.item_moved")
            services.put_item_version_in_force(uow, code=code, **form.changes(before))
            return url_for(".item", code=code)

        return submit(form, work, done=gettext("The new version is in force.")) or self.page(
            "admin/new_version.html", form=form, row=row, kinds=reference.kinds_offered(session)
        )

    @expose("/new-service", methods=("GET", "POST"))
    def new_service(self) -> ResponseReturnValue:
        """Add a market service; it is offered from today on."""
        session, form = reading_session(), ServiceForm(data={"limit_unit": "workdays"})
        form.offer(session, ItemKind.MARKET)

        def work(uow: UnitOfWork) -> str:
            return url_for(".item", code=services.add_market_service(uow, **form.facts()))

        return submit(form, work, done=gettext("The service is offered from today.")) or self.page(
            "admin/new_version.html",
            form=form,
            row=None,
            kinds=reference.kinds_offered(session),
        )


def _kinds(session: Session) -> Mapping[str, queries.KindRow]:
    return {kind.code: kind for kind in queries.qualification_kinds(session)}


def _versions(session: Session, code: str) -> list[queries.ItemRow]:
    query = select(ItemVersion.id).join(Item).where(Item.code == code).order_by(ItemVersion.number)
    return [queries.item_version(session, version) for version in session.scalars(query)]
