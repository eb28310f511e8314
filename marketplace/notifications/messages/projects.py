"""The words of messages about projects: a title and a sentence each."""

from flask_babel import lazy_gettext as _

MESSAGES = {
    "wanted_project.arrived": (
        _("Project %(code)s was added"),
        _("Its record has come from the approval platform. You can commission its items now."),
    ),
    "wanted_project.refused": (
        _("Project %(code)s could not be added"),
        _("The reason, and what you can do about it, stands on its page."),
    ),
}
