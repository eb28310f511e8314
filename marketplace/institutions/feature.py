"""What institutions plugs into the application."""

from marketplace.catalogue.queries.kinds import HOLDING
from marketplace.institutions import deadlines, handlers, wording
from marketplace.institutions.news import NEWS
from marketplace.institutions.queries.qualified import kind_held
from marketplace.institutions.views import dossier, listings, papers, profile
from marketplace.institutions.views.dossier import bp
from marketplace.web.feature import Feature, fill

FEATURE = Feature(
    news=NEWS,
    blueprints=(bp,),
    pages=(dossier, listings, papers, profile),
    words=wording,
    deadlines={
        "qualification_expiry": deadlines.settle_expiring,
        "listing_validity": deadlines.settle_validity,
    },
    files={
        "institution": handlers.read_institution_paper,
        "qualification": handlers.read_certificate,
        "practitioner": handlers.read_personal_paper,
    },
    fills=(fill(HOLDING, institutions=kind_held),),
)
