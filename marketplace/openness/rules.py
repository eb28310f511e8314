"""What a public notice can be about."""

from enum import StrEnum


class NoticeKind(StrEnum):
    """What a notice is about; the wording module has the words."""

    ADMISSION = "admission"
    SUSPENSION = "suspension"
    REINSTATEMENT = "reinstatement"
    WITHDRAWAL = "withdrawal"
    ITEM_CHANGE = "item_change"
    RULE_CHANGE = "rule_change"
    CALENDAR_CHANGE = "calendar_change"
    REMOVAL = "removal"
    READMISSION = "readmission"
    GRADES_PRELIMINARY = "grades_preliminary"
    GRADES_FINAL = "grades_final"
    COMPETITION = "competition"
    AWARD = "award"
    COMPETITION_FAILURE = "failure"
    COMPETITION_CANCELLED = "cancellation"
