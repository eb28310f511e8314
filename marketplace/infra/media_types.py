"""The kinds of document that are taken and shown: their types, what people call them, their names.

Nothing is imported here: the process that opens documents reads it too.
"""

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
CALLED = {PDF: "PDF", PNG: "PNG", JPEG: "JPEG"}
SUFFIXES = {PDF: (".pdf",), PNG: (".png",), JPEG: (".jpg", ".jpeg")}
