"""The words of what is counted of clients."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

# Each figure as a heading, behind "so many of so many", and what exactly is counted.
LABELS: dict[str, LazyString] = {
    "client_figure.deliveries": _("Deliveries answered late"),
    "client_figure.contracts": _("Contract texts answered late"),
    "client_figure.materials": _("Materials confirmed late"),
    "client_figure.payments": _("Works paid late"),
    "client_figure.given_up": _("Commissions given up before a contract"),
    "client_figure.awards": _("Awards let lie"),
    "client_figure.continuations": _("Questions about work of a halted project left unanswered"),
    "client_figure.questions": _("Questions about notices left unanswered"),
    "client_short.deliveries": _("deliveries answered late"),
    "client_short.contracts": _("contract texts answered late"),
    "client_short.materials": _("materials confirmed late"),
    "client_short.payments": _("works paid late"),
    "client_short.given_up": _("commissions given up before a contract"),
    "client_short.awards": _("awards let lie"),
    "client_short.continuations": _("questions about work of a halted project left unanswered"),
    "client_short.questions": _("questions about notices left unanswered"),
    "client_counted.deliveries": _(
        "Versions of a result that the client accepted or returned, and those whose day for an "
        "answer is over. Late: answered after that day, or not yet."
    ),
    "client_counted.contracts": _(
        "How often the contract or an amendment waited for the client: to be drawn up, to be "
        "confirmed, or to be put forward otherwise as the institution asked. Late: the client "
        "acted after its day, or never. Terms that were taken back wait again for whoever they "
        "waited for before; an amendment that waits when a version is delivered is not counted."
    ),
    "client_counted.materials": _(
        "Contracts after which the client confirmed that all materials are handed over, and those "
        "whose day for it is over. Late: confirmed after that day, or not yet. Where the client "
        "was asked before that what becomes of the work of a halted project, nothing is counted."
    ),
    "client_counted.payments": _(
        "Accepted works that the department has paid in full, and those whose day for the payment "
        "is over. Late: the last payment was approved after that day, or not yet."
    ),
    "client_counted.given_up": _(
        "Picks and awards of which it is settled whether a contract follows. Given up: the client "
        "itself cancelled before there was a contract."
    ),
    "client_counted.awards": _(
        "Awards of which it is settled whether a contract follows. Let lie: the supervising office "
        "ruled that the department is at fault because the contract waited for it too long."
    ),
    "client_counted.continuations": _(
        "Works whose project was cancelled, excluded or completed, where the client was asked what "
        "becomes of them. Unanswered: the day was over, and what the rules have for it followed."
    ),
    "client_counted.questions": _(
        "What institutions asked about published notices, at least one whole working day before "
        "sign-up closed. Unanswered: still open when it closed."
    ),
}
