"""Search synonyms: short or popular terms and what a search for them also looks for."""

import re

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired

from admin.access import Section
from marketplace.catalogue import services
from marketplace.catalogue.queries import reference
from marketplace.catalogue.queries.rows import SynonymRow
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound
from marketplace.web.context import reading_session
from marketplace.web.forms import ActForm, Form
from marketplace.web.submit import submit

_BETWEEN = re.compile(r"[\n,，、;；]")


class SynonymForm(Form):
    """A term and its meanings."""

    term = StringField(
        _("Term"),
        [InputRequired(_("Enter a term of 1 to 40 characters."))],
        description=_("The short or popular word that people type."),
    )
    meanings = TextAreaField(
        _("Also look for"),
        [InputRequired(_("Enter at least one meaning."))],
        description=_("One meaning a line, at most 12: the words that institutions and items use."),
    )


class Synonyms(Section):
    """The list, and adding, changing and removing one."""

    group, address = "reference", "synonyms"
    title = _("Search synonyms")
    purpose = _("What a search for a short or popular word also looks for.")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """All synonyms by term."""
        return self.page("admin/synonyms.html", rows=reference.synonyms(reading_session()))

    @expose("/new", methods=("GET", "POST"))
    def add(self) -> ResponseReturnValue:
        """A new one, or new meanings of a known term."""
        return self._edit(SynonymForm(), gettext("Add a synonym"))

    @expose("/<key>", methods=("GET", "POST"))
    def change(self, key: str) -> ResponseReturnValue:
        """Other meanings of a term; a changed term is another synonym."""
        row = _synonym(key)
        form = SynonymForm(data={"term": row.term, "meanings": "\n".join(row.meanings)})
        return self._edit(form, gettext("Synonym %(term)s", term=row.term), row)

    def _edit(
        self, form: SynonymForm, heading: str, row: SynonymRow | None = None
    ) -> ResponseReturnValue:
        def work(uow: UnitOfWork) -> str:
            term = row.term if row else form.term.data
            services.put_synonym(uow, term=term, meanings=_BETWEEN.split(form.meanings.data))
            return url_for(".index")

        done = gettext("The synonym is stored. Searches use it from now on.")
        return submit(form, work, done=done) or self.page(
            "admin/synonym.html", form=form, heading=heading, row=row
        )

    @expose("/<key>/remove", methods=("GET", "POST"))
    def remove(self, key: str) -> ResponseReturnValue:
        """Take a synonym away, after saying what that means."""
        row = _synonym(key)
        form = ActForm()

        def work(uow: UnitOfWork) -> str:
            services.remove_synonym(uow, public_id=key)
            return url_for(".index")

        return submit(form, work, done=gettext("The synonym is removed.")) or self.page(
            "admin/remove_synonym.html", form=form, row=row
        )


def _synonym(key: str) -> SynonymRow:
    for row in reference.synonyms(reading_session()):
        if row.public_id == key:
            return row
    raise NotFound
