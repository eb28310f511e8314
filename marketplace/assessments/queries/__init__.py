"""What other features read of assessments and removals: frozen rows."""

from marketplace.assessments.queries.judged import objections_owed_by
from marketplace.assessments.queries.removals import (
    owed_by_association,
    owed_by_institution,
    public_record,
)
