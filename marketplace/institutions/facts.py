"""What an institution states: its profile, owners and ties, certificates, people, and promises.

Forms, the case page, what a correction changed, the public page, the public interface, the
workbook of the directory and the check for personal numbers are read from here. A fact also has
its column in `models` and its field in `queries/rows.py`; whoever forgets one is told on import.
"""

from flask_babel import lazy_gettext as _

from marketplace.infra import facts as infra_facts
from marketplace.institutions.rules.dossier import HolderKind, InstitutionType, PriceBasis, TieKind

# Those of the organisation when the version was drafted.
IDENTITY = infra_facts.facts(
    infra_facts.Fact("name", _("Name"), vetted=True, public=True, api=True),
    infra_facts.Fact(
        "credit_code", _("Unified social credit code"), vetted=True, public=True, api=True
    ),
)
# What the licence says.
LICENCE = infra_facts.facts(
    infra_facts.Fact(
        "type",
        _("Legal form"),
        infra_facts.Pick("institution_type", InstitutionType),
        needed=_("Choose the legal form."),
        vetted=True,
        public=True,
        api=True,
    ),
    infra_facts.Fact(
        "region_code",
        _("Region"),
        infra_facts.Pick("region"),
        needed=_("Choose the region."),
        hint=_("Where the institution is registered."),
        vetted=True,
        public=True,
        api=True,
        sheet=24,
    ),
    infra_facts.Fact(
        "address",
        _("Address"),
        infra_facts.Line(width="full"),
        needed=_("Enter the address."),
        hint=_("The business address, shown in public. Not a home address."),
        vetted=True,
        public=True,
        api=True,
    ),
    infra_facts.Fact(
        "legal_representative",
        _("Legal representative"),
        infra_facts.Line(most=60, width="m"),
        needed=_("Enter the name."),
        vetted=True,
        public=True,
        api=True,
    ),
    infra_facts.Fact(
        "established",
        _("Day of establishment"),
        infra_facts.Day(past=True),
        needed=_("Enter the day of establishment."),
        vetted=True,
        public=True,
        api=True,
    ),
    infra_facts.Fact(
        "capital_fen",
        _("Registered capital"),
        infra_facts.Money(),
        needed=_("Enter the registered capital, 0 where there is none."),
        hint=_("For example 500万 or 5,000,000."),
        vetted=True,
        public=True,
        api="capital",
    ),
)
# How the institution is reached, and what it says of itself.
CONTACT = infra_facts.facts(
    infra_facts.Fact(
        "contact_name",
        _("Contact person"),
        infra_facts.Line(most=60, width="m", autocomplete="name"),
        needed=_("Enter the name."),
        hint=_("For the association only, not shown in public."),
        vetted=True,
    ),
    infra_facts.Fact(
        "contact_mobile",
        _("Mobile of the contact person"),
        infra_facts.Telephone(most=20),
        needed=_("Enter the mobile number."),
        hint=_("For the association only, kept encrypted."),
        vetted=True,
        personal=True,
    ),
    infra_facts.Fact(
        "office_phone",
        _("Office telephone"),
        infra_facts.Telephone(landline=True),
        needed=_("Enter the office telephone."),
        hint=_("Shown in public: a landline such as 0431-80000000."),
        vetted=True,
        public=True,
        api=True,
    ),
    infra_facts.Fact(
        "profile",
        _("Description"),
        infra_facts.Paragraph(),
        needed=_("Describe what the institution does."),
        hint=_("What you do, with how many people, since when. Shown in public and searched."),
        vetted=True,
        public=True,
        api=True,
    ),
)
FACTS = infra_facts.facts(*IDENTITY, *LICENCE, *CONTACT)
# What the association looks at; a correction of it is shown to whoever vets.
VETTED = infra_facts.facts(*(fact for fact in FACTS if fact.vetted))

OWNER = infra_facts.facts(
    infra_facts.Fact(
        "holder",
        _("Who is the owner?"),
        infra_facts.Pick("holder", HolderKind),
        needed=_("Choose what the owner is."),
    ),
    infra_facts.Fact(
        "name",
        _("Name"),
        infra_facts.Line(),
        needed=_("Enter the name of the owner."),
        vetted=True,
        public=True,
    ),
    infra_facts.Fact(
        "credit_code",
        _("Unified social credit code"),
        infra_facts.Line(most=30, width="m", spelled=False),
        hint=_("For an organisation: 18 characters."),
        vetted=True,
    ),
    infra_facts.Fact(
        "id_number",
        _("Identity number"),
        infra_facts.IdNumber(),
        hint=_(
            "For a natural person: 18 characters, kept encrypted; only the last four are shown."
        ),
        vetted=True,
        personal=True,
    ),
    infra_facts.Fact(
        "share_millionths",
        _("Share in percent"),
        infra_facts.Share(),
        hint=_("Leave it empty for a sponsor without a share."),
        vetted=True,
        public=True,
    ),
)
TIE = infra_facts.facts(
    infra_facts.Fact(
        "name",
        _("Department or body"),
        infra_facts.Line(),
        needed=_("Enter its full name."),
        vetted=True,
        public=True,
    ),
    infra_facts.Fact(
        "tie",
        _("What ties you to it?"),
        infra_facts.Pick("tie", TieKind),
        needed=_("Choose the kind of tie."),
        vetted=True,
        public=True,
    ),
    infra_facts.Fact(
        "note",
        _("Explanation"),
        infra_facts.Paragraph(most=300, rows=4),
        hint=_("Since when, and whatever else helps to understand it."),
        vetted=True,
    ),
)
# The kind is chosen first; which levels and specialties there are depends on it.
KIND = infra_facts.Fact(
    "kind",
    _("Kind of certificate"),
    infra_facts.Pick("qualification_kind"),
    needed=_("Choose the kind of certificate."),
    vetted=True,
    public=True,
    api=True,
)
ON_CERTIFICATE = infra_facts.facts(
    infra_facts.Fact(
        "level",
        _("Level"),
        infra_facts.Pick("qualification_level"),
        needed=_("Choose the level."),
        vetted=True,
        public=True,
        api=True,
    ),
    infra_facts.Fact(
        "specialty",
        _("Specialty"),
        infra_facts.Pick("qualification_specialty"),
        needed=_("Choose the specialty."),
        vetted=True,
        public=True,
        api=True,
    ),
    infra_facts.Fact(
        "certificate_number",
        _("Certificate number"),
        infra_facts.Line(most=60, width="m", spelled=False),
        needed=_("Enter the certificate number."),
        vetted=True,
        public=True,
        api=True,
    ),
    infra_facts.Fact(
        "issuer",
        _("Issued by"),
        infra_facts.Line(most=120),
        needed=_("Enter who issued the certificate."),
        vetted=True,
        public=True,
        api=True,
    ),
    infra_facts.Fact(
        "valid_from",
        _("Valid from"),
        infra_facts.Day(),
        needed=_("Enter the first day."),
        vetted=True,
        public=True,
        api=True,
    ),
    infra_facts.Fact(
        "valid_to",
        _("Valid until"),
        infra_facts.Day(never=_("no end")),
        hint=_("The last day, for example 2028-05-31. Empty where it has no end."),
        vetted=True,
        public=True,
        api=True,
    ),
)
CERTIFICATE = infra_facts.facts(KIND, *ON_CERTIFICATE)
PERSON = infra_facts.facts(
    infra_facts.Fact(
        "name",
        _("Full name"),
        infra_facts.Line(most=60, width="m"),
        needed=_("Enter the name."),
        vetted=True,
    ),
    infra_facts.Fact(
        "id_number",
        _("Identity number"),
        infra_facts.IdNumber(),
        hint=_("18 characters, kept encrypted; only the last four are shown."),
        vetted=True,
        personal=True,
    ),
    infra_facts.Fact(
        "title",
        _("Professional title"),
        infra_facts.Line(most=60, width="m"),
        hint=_("For example engineer."),
        vetted=True,
    ),
    infra_facts.Fact(
        "certificate_kind",
        _("Practising certificate"),
        infra_facts.Line(most=60),
        hint=_("For example registered consulting engineer."),
        vetted=True,
    ),
    infra_facts.Fact(
        "certificate_number",
        _("Number of the certificate"),
        infra_facts.Line(most=60, width="m", spelled=False),
        vetted=True,
    ),
    infra_facts.Fact(
        "certificate_valid_to", _("Certificate valid until"), infra_facts.Day(), vetted=True
    ),
)
PROMISE = infra_facts.facts(
    infra_facts.Fact(
        "promised_days",
        _("Promised days"),
        infra_facts.Count(),
        needed=_("Enter the promised days."),
        vetted=True,
        public=True,
        api=True,
    ),
    infra_facts.Fact(
        "price_basis",
        _("Price basis"),
        infra_facts.Pick("price_basis", PriceBasis),
        needed=_("Choose by what you charge."),
        vetted=True,
        public=True,
        api=True,
    ),
    infra_facts.Fact(
        "amount_fen",
        _("Amount"),
        infra_facts.Money(),
        hint=_("For a fixed price or a price per unit. For example 3万 or 12.50."),
        vetted=True,
        public=True,
        api="price",
    ),
    infra_facts.Fact(
        "unit",
        _("Unit"),
        infra_facts.Line(most=20, width="s"),
        hint=_("For a price per unit, for example square metre."),
        vetted=True,
        public=True,
    ),
    infra_facts.Fact(
        "rate_millionths",
        _("Percentage of the investment"),
        infra_facts.Share(),
        hint=_("For a percentage, for example 0.3, 0.15‰ or 0.015 %."),
        vetted=True,
        public=True,
        api="rate_percent",
    ),
    infra_facts.Fact(
        "price_note",
        _("Explanation of the price"),
        infra_facts.Paragraph(most=500, rows=4),
        hint=_("What is included, what may be added, how a quotation is made."),
        vetted=True,
    ),
)
