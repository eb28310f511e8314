"""What pages and other features read of complaints and objections: frozen rows."""

from marketplace.complaints.queries.complaints import (
    ComplaintCounts,
    complaint,
    party,
    public_complaints,
    upheld,
    upheld_of,
)
from marketplace.complaints.queries.objections import objection
