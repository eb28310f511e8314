"""Acts on institutions and listings: the institution's own, and those vetting calls."""

from marketplace.institutions.services.affiliations import (
    Owner,
    add_owner,
    add_tie,
    answer_ties,
    change_owner,
    remove_affiliation,
)
from marketplace.institutions.services.evidence import Submission
from marketplace.institutions.services.grounds import (
    close_ground,
    open_ground,
    pause_listing,
    resume_listing,
)
from marketplace.institutions.services.listings import (
    Terms,
    hold_admitted,
    leave_listing,
    open_listing,
    save_terms,
    withdraw_listing,
)
from marketplace.institutions.services.papers import (
    Certificate,
    Scan,
    add_qualification,
    change_qualification,
    drop_qualification,
    renew_qualification,
)
from marketplace.institutions.services.people import (
    Person,
    add_practitioner,
    change_practitioner,
    remove_practitioner,
    sign_undertaking,
    upload_authorisation,
)
from marketplace.institutions.services.profile import (
    BasicFacts,
    ContactFacts,
    save_profile,
    start_institution,
)
from marketplace.institutions.services.settling import (
    admit_listing,
    drop_change,
    drop_renewal,
    lapse_listing,
    put_change_in_force,
    put_renewal_in_force,
    reject_listing,
    return_change,
    return_listing,
    return_renewal,
    take_under_review,
)
from marketplace.institutions.services.submitting import (
    submit_change,
    submit_listing,
    submit_renewal,
)
from marketplace.institutions.services.validity import recheck_listing, settle_qualification

__all__ = [
    "BasicFacts",
    "Certificate",
    "ContactFacts",
    "Owner",
    "Person",
    "Scan",
    "Submission",
    "Terms",
    "add_owner",
    "add_practitioner",
    "add_qualification",
    "add_tie",
    "admit_listing",
    "answer_ties",
    "change_owner",
    "change_practitioner",
    "change_qualification",
    "close_ground",
    "drop_change",
    "drop_qualification",
    "drop_renewal",
    "hold_admitted",
    "lapse_listing",
    "leave_listing",
    "open_ground",
    "open_listing",
    "pause_listing",
    "put_change_in_force",
    "put_renewal_in_force",
    "recheck_listing",
    "reject_listing",
    "remove_affiliation",
    "remove_practitioner",
    "renew_qualification",
    "resume_listing",
    "return_change",
    "return_listing",
    "return_renewal",
    "save_profile",
    "save_terms",
    "settle_qualification",
    "sign_undertaking",
    "start_institution",
    "submit_change",
    "submit_listing",
    "submit_renewal",
    "take_under_review",
    "upload_authorisation",
    "withdraw_listing",
]
