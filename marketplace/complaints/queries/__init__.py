"""What pages and other features read of complaints and objections: frozen rows."""

from marketplace.complaints.queries.complaints import (
    complaint,
    party,
    public_complaints,
)
from marketplace.complaints.queries.objections import objection
from marketplace.complaints.queries.upheld import upheld
