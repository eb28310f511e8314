"""Pure words every feature shares; nothing here knows of a request, a table or a page."""
