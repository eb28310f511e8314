"""The facts of the profile: what an institution states of itself on two pages of its dossier.

Both forms, the case page, what a correction changed, the public page, the public interface, the
workbook of the directory and the check for personal numbers are read from here. A fact also has
its column in `models` and its field in `queries/rows.py`; whoever forgets one is told on import.
"""

from flask_babel import lazy_gettext as _

from marketplace.infra.facts import Day, Fact, Line, Money, Paragraph, Pick, Telephone, facts
from marketplace.institutions.rules.dossier import InstitutionType

# Those of the organisation when the version was drafted.
IDENTITY = facts(
    Fact("name", _("Name"), vetted=True, public=True, api=True),
    Fact("credit_code", _("Unified social credit code"), vetted=True, public=True, api=True),
)
# What the licence says.
LICENCE = facts(
    Fact(
        "type",
        _("Legal form"),
        Pick("institution_type", InstitutionType),
        needed=_("Choose the legal form."),
        vetted=True,
        public=True,
        api=True,
    ),
    Fact(
        "region_code",
        _("Region"),
        Pick("region"),
        needed=_("Choose the region."),
        hint=_("Where the institution is registered."),
        vetted=True,
        public=True,
        api=True,
        sheet=24,
    ),
    Fact(
        "address",
        _("Address"),
        Line(width="full"),
        needed=_("Enter the address."),
        hint=_("The business address, shown in public. Not a home address."),
        vetted=True,
        public=True,
        api=True,
    ),
    Fact(
        "legal_representative",
        _("Legal representative"),
        Line(most=60, width="m"),
        needed=_("Enter the name."),
        vetted=True,
        public=True,
        api=True,
    ),
    Fact(
        "established",
        _("Day of establishment"),
        Day(past=True),
        needed=_("Enter the day of establishment."),
        vetted=True,
        public=True,
        api=True,
    ),
    Fact(
        "capital_fen",
        _("Registered capital"),
        Money(),
        needed=_("Enter the registered capital, 0 where there is none."),
        hint=_("For example 500万 or 5,000,000."),
        vetted=True,
        public=True,
        api="capital",
    ),
)
# How the institution is reached, and what it says of itself.
CONTACT = facts(
    Fact(
        "contact_name",
        _("Contact person"),
        Line(most=60, width="m", autocomplete="name"),
        needed=_("Enter the name."),
        hint=_("For the association only, not shown in public."),
        vetted=True,
    ),
    Fact(
        "contact_mobile",
        _("Mobile of the contact person"),
        Telephone(most=20),
        needed=_("Enter the mobile number."),
        hint=_("For the association only, kept encrypted."),
        vetted=True,
        personal=True,
    ),
    Fact(
        "office_phone",
        _("Office telephone"),
        Telephone(landline=True),
        needed=_("Enter the office telephone."),
        hint=_("Shown in public: a landline such as 0431-80000000."),
        vetted=True,
        public=True,
        api=True,
    ),
    Fact(
        "profile",
        _("Description"),
        Paragraph(),
        needed=_("Describe what the institution does."),
        hint=_("What you do, with how many people, since when. Shown in public and searched."),
        vetted=True,
        public=True,
        api=True,
    ),
)
FACTS = facts(*IDENTITY, *LICENCE, *CONTACT)
# What the association looks at; a correction of it is shown to whoever vets.
VETTED = facts(*(fact for fact in FACTS if fact.vetted))
