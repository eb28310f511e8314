"""Words for what the platform itself refuses and records: files, deliveries, keys."""

from flask_babel import lazy_gettext as _

REFUSALS = {
    "file.empty": _("This file is empty. Choose another one."),
    "file.too_large": _(
        "This file is larger than %(megabytes)s MB. Make it smaller, for example by scanning at"
        " 200 dpi, and choose it again."
    ),
    "file.wrong_type": _(
        "This is not a PDF, PNG or JPEG file, whatever its name says. Save the document as PDF"
        " and choose it again."
    ),
    "file.not_readable": _(
        "This file is damaged and cannot be opened. Scan or save the document again."
    ),
    "file.encrypted": _(
        "This PDF is protected by a password or by restrictions. Save it without protection and"
        " choose it again."
    ),
    "file.active_content": _(
        "This PDF contains scripts, attachments or other active content. Print it to a new PDF"
        " and choose that one."
    ),
    "file.too_many_pixels": _(
        "This picture has more than %(millions)s million pixels. Scan it at 200 dpi and choose it"
        " again."
    ),
    "file.infected": _("The virus scanner found something in this file. It was not kept."),
    "file.not_scanned": _(
        "The virus scanner does not answer, so the file was not kept. Please try again in a few"
        " minutes."
    ),
    "delivery.not_yours": _("Only the system administrator of the operator may do this."),
    "delivery.not_parked": _("This delivery is no longer parked. Reload the page."),
    "delivery.reason_needed": _("Give the reason in 3 to 500 characters."),
}
