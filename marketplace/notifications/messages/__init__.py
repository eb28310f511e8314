"""The words of each message: a title and a sentence, filled with codes, numbers and dates.

Placeholders are the payload's fields and what the audience adds: number, item, due_on, ...
"""

from marketplace.notifications.messages import (
    assessments,
    budgets,
    competitions,
    complaints,
    engagements,
    institutions,
    projects,
    quoting,
    vetting,
)

MESSAGES = {
    **assessments.MESSAGES,
    **budgets.MESSAGES,
    **competitions.MESSAGES,
    **complaints.MESSAGES,
    **engagements.MESSAGES,
    **institutions.MESSAGES,
    **projects.MESSAGES,
    **quoting.MESSAGES,
    **vetting.MESSAGES,
}
