"""The words of each message: a title and a sentence, filled with codes, numbers and dates.

Placeholders are the payload's fields and what the audience adds: number, item, due_on, ...
"""

from marketplace.notifications.messages import (
    budgets,
    competitions,
    engagements,
    institutions,
    quoting,
    vetting,
)

MESSAGES = {
    **budgets.MESSAGES,
    **competitions.MESSAGES,
    **engagements.MESSAGES,
    **institutions.MESSAGES,
    **quoting.MESSAGES,
    **vetting.MESSAGES,
}
