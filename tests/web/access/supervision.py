"""The board of lights: for supervisors only."""

from tests.web.access.table import only

BOARD = "/supervision"

ROWS = (
    only(f"GET {BOARD}", supervisor=200),
    only(f"GET {BOARD}?light=red&kind=vetting_case&region=220100&item=JL-Z05", supervisor=200),
    only(f"GET {BOARD}/export.xlsx", supervisor=200),
    only(f"GET {BOARD}/platform", supervisor=200),
    only(f"GET {BOARD}/{{organisation}}", supervisor=200),
)
