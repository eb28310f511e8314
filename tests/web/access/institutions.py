"""The dossier and the listings of an institution: its own agents, and nobody else."""

from tests.web.access.table import only

HOME = "/my/institution"
PAUSE = {"reason": "装修"}
CERTIFICATE = {
    "level": "乙级",
    "specialty": "公路",
    "certificate_number": "ZX-002",
    "issuer": "示例协会",
    "valid_from": "2024-01-01",
    "valid_to": "2031-12-31",
}

ROWS = (
    only(f"GET {HOME}", agents=200),
    only(f"GET {HOME}/history", agents=200),
    only(f"GET {HOME}/profile", agents=200),
    only(f"POST {HOME}/profile", agents=422),
    only(f"GET {HOME}/contact", agents=200),
    only(f"POST {HOME}/contact", agents=422, agent=303),
    only(f"GET {HOME}/undertaking", agents=200),
    only(f"POST {HOME}/undertaking", agents=422),
    only(f"GET {HOME}/authorisation", agents=200),
    only(f"POST {HOME}/authorisation", agents=422),
    # Owners and ties.
    only(f"GET {HOME}/owners", agents=200),
    only(f"GET {HOME}/owners/new", agents=200),
    only(f"POST {HOME}/owners/new", agents=422),
    only(f"GET {HOME}/owners/{{owner}}", agent=200),
    only(f"POST {HOME}/owners/{{owner}}", agent=422),
    only(f"GET {HOME}/owners/{{tie}}"),
    only(f"GET {HOME}/ties", agents=200),
    only(f"POST {HOME}/ties", agents=422),
    only(f"GET {HOME}/ties/new", agents=200),
    only(f"POST {HOME}/ties/new", agents=422),
    only(f"GET {HOME}/affiliations/{{tie}}/remove", agent=200),
    only(f"POST {HOME}/affiliations/{{tie}}/remove", agent=303),
    # Certificates.
    only(f"GET {HOME}/qualifications", agents=200),
    only(f"GET {HOME}/qualifications/new", agents=200),
    only(f"POST {HOME}/qualifications/new", agents=422),
    only(f"GET {HOME}/qualifications/new/engineering_design", agents=200),
    only(f"POST {HOME}/qualifications/new/engineering_design", agents=422),
    only(f"GET {HOME}/qualifications/{{certificate}}", agent=200),
    only(f"GET {HOME}/qualifications/{{drafted_certificate}}", agent=200),
    only(f"POST {HOME}/qualifications/{{drafted_certificate}}", sent=CERTIFICATE, agent=303),
    only(f"GET {HOME}/qualifications/{{certificate}}/renew", agent=200),
    only(f"POST {HOME}/qualifications/{{certificate}}/renew", agent=422),
    only(f"GET {HOME}/qualifications/{{drafted_certificate}}/remove", agent=200),
    only(f"POST {HOME}/qualifications/{{drafted_certificate}}/remove", agent=303),
    only(f"POST {HOME}/qualifications/{{certificate}}/remove", agent=409),
    # Practitioners.
    only(f"GET {HOME}/practitioners", agents=200),
    only(f"GET {HOME}/practitioners/new", agents=200),
    only(f"POST {HOME}/practitioners/new", agents=422),
    only(f"GET {HOME}/practitioners/{{practitioner}}", agent=200),
    only(f"POST {HOME}/practitioners/{{drafted_practitioner}}", agent=303),
    only(f"GET {HOME}/practitioners/{{practitioner}}/remove", agent=200),
    only(f"POST {HOME}/practitioners/{{practitioner}}/remove", agent=303),
    # Listings.
    only(f"GET {HOME}/listings", agents=200),
    only(f"GET {HOME}/listings/new", agents=200),
    only(f"POST {HOME}/listings/new", agents=422),
    only(f"GET {HOME}/listings/{{admitted}}", agent=200),
    only(f"GET {HOME}/listings/{{drafted}}/terms", agent=200),
    only(f"POST {HOME}/listings/{{drafted}}/terms", agent=422),
    only(f"GET {HOME}/listings/{{admitted}}/pause", agent=200),
    only(f"POST {HOME}/listings/{{admitted}}/pause", sent=PAUSE, agent=303),
    only(f"POST {HOME}/listings/{{drafted}}/pause", sent=PAUSE, agent=409),
    only(f"GET {HOME}/listings/{{paused}}/resume", agent=200),
    only(f"POST {HOME}/listings/{{paused}}/resume", agent=303),
    only(f"POST {HOME}/listings/{{admitted}}/resume", agent=409),
    only(f"GET {HOME}/listings/{{drafted}}/withdraw", agent=200),
    only(f"POST {HOME}/listings/{{drafted}}/withdraw", agent=303),
    only(f"POST {HOME}/listings/{{received_listing}}/withdraw", agent=409),
)
