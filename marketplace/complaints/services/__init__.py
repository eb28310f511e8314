"""Acts on complaints and objections; each locks its record first."""

from marketplace.complaints.services.complaints import (
    Contact,
    accept_complaint,
    answer_complaint,
    decide_complaint,
    file_complaint,
    propose_decision,
    refuse_complaint,
    review_complaint,
)
from marketplace.complaints.services.objections import (
    decide_objection,
    file_objection,
    propose_objection,
)
