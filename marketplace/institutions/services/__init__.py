"""Acts on institutions and listings: the institution's own, and those vetting calls."""

from marketplace.institutions.services.grounds import close_ground, open_ground
from marketplace.institutions.services.offering import require_admitted, withdraw_listing
from marketplace.institutions.services.removal import (
    bar_listing,
    begin_rectification,
    readmit_listing,
    remove_listing,
    send_back_to_rectifying,
    set_grade,
    submit_readmission,
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
    Submission,
    submit_change,
    submit_listing,
    submit_renewal,
)
