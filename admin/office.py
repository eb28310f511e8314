"""Puts the back office together: its parts in their order, under /backoffice."""

from flask import Flask
from flask_admin import Admin
from flask_admin.theme import Bootstrap4Theme

from admin import memberships, people, reference, wording
from admin.approval_items import ApprovalItems
from admin.calendars import Calendars
from admin.competences import Competences
from admin.credit_codes import CreditCodes
from admin.departments import Departments
from admin.faults import Faults
from admin.home import Home
from admin.items import Items
from admin.kinds import QualificationKinds
from admin.outbox import Outbox
from admin.rulebook import Rules
from admin.synonyms import Synonyms
from admin.trail.pages import Trail
from marketplace.web import wording as words

# In the order of the menu; parts of one group stand together.
PARTS = (
    Rules,
    Calendars,
    Competences,
    Items,
    ApprovalItems,
    reference.Stages,
    reference.Departments,
    reference.Regions,
    QualificationKinds,
    Synonyms,
    CreditCodes,
    people.Organisations,
    Departments,
    people.Users,
    memberships.Memberships,
    memberships.Sessions,
    Outbox,
    Faults,
    Trail,
)


def init_app(app: Flask) -> None:
    """Register every part; Flask-Admin's own styles and scripts are not served."""
    words.register(wording)
    office = Admin(
        app,
        name="backoffice",
        index_view=Home(),
        theme=Bootstrap4Theme(base_template="admin/base.html"),
    )
    office.add_views(*(part() for part in PARTS))
