"""Acts on cases. Each locks its case first, so that of two at once the second is refused."""

from marketplace.vetting.services.applying import CaseRef, end_by_removal, submit_readmission_case
from marketplace.vetting.services.competence import grant_competence, withdraw_competence
