"""What pages and other features read of institutions: frozen rows; never writes."""

from marketplace.institutions.queries.current import backgrounds
from marketplace.institutions.queries.dossiers import dossier, missing
from marketplace.institutions.queries.market import (
    admitted_listings,
    admitted_of,
    heading,
    latest_admissions,
    listing,
    listings,
    listings_admitted_by,
    listings_for,
    listings_of,
    listings_touched,
    market_figures,
    offers_of,
    points_of,
)
from marketplace.institutions.queries.public import (
    InstitutionPage,
    OfferRow,
    PublicListing,
    admitted_offers,
    institution_page,
    institution_pages,
)
from marketplace.institutions.queries.rows import (
    AffiliationRow,
    Dossier,
    InstitutionRow,
    ListingRow,
    PractitionerRow,
    QualificationRow,
    TermsRow,
)
from marketplace.institutions.queries.seen import (
    facts_in_force,
    institution,
    my_institution,
    qualifications_stated,
    terms_in_force,
)
