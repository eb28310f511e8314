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
    "file.not_opened": _(
        "This file is kept, but cannot be opened now: its key or its content is missing. Please"
        " write to the service centre."
    ),
    "file.encrypted": _(
        "This PDF opens only with a password. Save it without one and choose it again."
    ),
    "file.active_content": _(
        "This PDF contains scripts, sounds, films or other active content. Print it to a new PDF"
        " and choose that one."
    ),
    "file.opens_address": _(
        "This PDF opens an address or another file by itself. Print it to a new PDF and choose"
        " that one."
    ),
    "file.attachment": _(
        "This PDF carries another file inside; only data of an invoice or a certificate as XML may"
        " ride along. Take the attachment out, or print the document to a new PDF, and upload the"
        " attachment by itself where it is asked for."
    ),
    "file.too_demanding": _(
        "Opening this file takes far more time or memory than a document should. Scan it at"
        " 200 dpi or print it to a new PDF, and choose that one."
    ),
    "file.busy": _(
        "Too many documents are being looked at right now. Nothing is wrong with this file: please"
        " try again in a minute."
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
    "worker.not_held": _("Nothing is held: the worker sends already."),
    "delivery.not_parked": _(
        "This delivery cannot be tried again or given up now. Reload the page."
    ),
    "delivery.reason_needed": _("Give the reason in 3 to 500 characters."),
}
