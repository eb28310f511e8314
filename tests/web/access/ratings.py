"""Ratings: the client rates and revises, the institution at work replies."""

from tests.web.access.table import only

AT = "/engagements"
SCORES = dict.fromkeys(("quality", "timeliness", "attitude", "fees", "conduct"), "4")

ROWS = (
    only(f"GET {AT}/{{e_accepted}}/rating", enterprise=200),
    only(f"POST {AT}/{{e_accepted}}/rating", sent=SCORES, enterprise=303),
    only(f"POST {AT}/{{r_rated}}/rating", sent=SCORES, enterprise=409),
    only(f"GET {AT}/{{r_rated}}/rating/revision", enterprise=200),
    only(f"POST {AT}/{{r_rated}}/rating/revision", sent=SCORES, enterprise=303),
    only(f"GET {AT}/{{r_rated}}/rating/reply", agent=200),
    only(f"POST {AT}/{{r_rated}}/rating/reply", sent={"words": "谢谢。"}, agent=303),
)
