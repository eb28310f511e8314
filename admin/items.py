"""The service items: their versions, and putting a new one in force."""

from collections.abc import Mapping
from itertools import pairwise

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin.access import Section
from admin.item_form import ItemForm, written
from admin.item_words import differences, facts
from marketplace.catalogue import queries, services
from marketplace.catalogue.models import Item, ItemVersion
from marketplace.catalogue.wording import limit_text
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import Refused
from marketplace.web.context import reading_session
from marketplace.web.submit import submit


class Items(Section):
    """The list of items, one item with its versions, the form for the next version."""

    group, address = "reference", "items"
    title = _("Service items")
    purpose = _("The listed items with their dated versions; a change is a new version.")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The items as they hold now."""
        session = reading_session()
        return self.page(
            "admin/items.html",
            rows=queries.items(session),
            item_list=queries.item_list(session),
            limit_text=limit_text,
        )

    @expose("/<code>")
    def item(self, code: str) -> ResponseReturnValue:
        """One item: what holds now, and what each version changed."""
        session = reading_session()
        row, kinds = queries.item(session, code), _kinds(session)
        versions = _versions(session, code)
        history = [(new, differences(old, new, kinds)) for old, new in pairwise(versions)]
        return self.page(
            "admin/item.html",
            row=row,
            facts=facts(row, kinds),
            first=versions[0],
            history=history[::-1],
        )

    @expose("/<code>/new-version", methods=("GET", "POST"))
    def new_version(self, code: str) -> ResponseReturnValue:
        """Write the next version; it holds from today on."""
        session = reading_session()
        row = queries.item(session, code)
        form = ItemForm(data=written(row))
        form.offer(queries.approval_items(session))

        def work(uow: UnitOfWork) -> str:
            before = queries.item(uow.session, code)
            if str(before.version_id) != form.version.data:
                raise Refused("backoffice.item_moved")
            services.put_item_version_in_force(uow, code=code, **form.changes(before))
            return url_for(".item", code=code)

        return submit(form, work, done=gettext("The new version is in force.")) or self.page(
            "admin/new_version.html", form=form, row=row, kinds=queries.qualification_kinds(session)
        )


def _kinds(session: Session) -> Mapping[str, queries.KindRow]:
    return {kind.code: kind for kind in queries.qualification_kinds(session)}


def _versions(session: Session, code: str) -> list[queries.ItemRow]:
    query = select(ItemVersion.id).join(Item).where(Item.code == code).order_by(ItemVersion.number)
    return [queries.item_version(session, version) for version in session.scalars(query)]
