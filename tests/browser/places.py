"""Where everybody in the demo world can go: the pages of each role, by a short name each."""

# Record pages are reached from the list that shows them: the list and what the link looks like.
# An address may begin with a place that was seen before, in braces.
ID = r"[a-z2-7]{10}"
Place = str | tuple[str, str]

PUBLIC: dict[str, Place] = {
    "home": "/",
    "items": "/items",
    "item": "/items/JL-Z01",
    "rules": "/rules",
    "calendar": "/calendar",
    "institutions": "/institutions",
    "institutions-filtered": "/institutions?q=水利&region=220100&item=JL-Z05&sort=days",
    "institutions-none": "/institutions?q=不存在的机构",
    "institution": ("/institutions?item=JL-Z05", rf"^/institutions/{ID}$"),
    "competitions": "/competitions",
    "competition": ("/competitions", rf"^/competitions/{ID}$"),
    "competitions-none": "/competitions?q=没有这样的公告",
    "grades": "/grades",
    "grades-of-a-year": ("/grades", rf"^/grades/{ID}$"),
    "grade-sheet": ("{grades-of-a-year}", rf"^/grades/sheets/{ID}$"),
    "complaint": ("{institution}", r"^/complaints/new\?"),
    "notices": "/notices",
    "notice": ("/notices", r"^/notices/(?!fault)\w+$"),
    "fault": "/notices/fault",
    "about": "/about",
    "accessibility": "/accessibility",
    "terms": "/terms",
    "interface": "/api/docs",
    "register": "/register",
    "register-sent": "/register/sent",
    "sign-in": "/sign-in?next=/desk",
    "forgotten": "/password",
    "forgotten-sent": "/password/sent",
    "bad-link": "/register/confirm/nonsense",
    "style": "/style",
    "demo": "/demo",
    "demo-mails": "/demo/mails",
    "demo-mail": ("/demo/mails", r"^/demo/mails/"),
    "demo-clock": "/demo/clock",
}
INSTITUTION: dict[str, Place] = {
    "desk": "/desk",
    "notifications": "/notifications",
    "dossier": "/my/institution",
    "profile": "/my/institution/profile",
    "contact": "/my/institution/contact",
    "owners": "/my/institution/owners",
    "owner": ("/my/institution/owners", rf"/owners/{ID}$"),
    "ties": "/my/institution/ties",
    "qualifications": "/my/institution/qualifications",
    "qualification": ("/my/institution/qualifications", rf"/qualifications/{ID}$"),
    "choose-kind": "/my/institution/qualifications/new",
    "practitioners": "/my/institution/practitioners",
    "practitioner": ("/my/institution/practitioners", rf"/practitioners/{ID}$"),
    "undertaking": "/my/institution/undertaking",
    "authorisation": "/my/institution/authorisation",
    "listings": "/my/institution/listings",
    "listing": ("/my/institution/listings", rf"/listings/{ID}$"),
    "new-listing": "/my/institution/listings/new",
    "history": "/my/institution/history",
    "applications": "/my/applications",
    "application": ("/my/applications", rf"^/my/applications/{ID}$"),
    "change": "/my/applications/check-change",
    "account": "/my/account",
    "details": "/my/account/details",
    "password": "/my/account/password",
    "second-factor": "/my/second-factor",
    "sessions": "/my/sessions",
    "colleagues": "/my/colleagues",
    "invite": "/my/colleagues/invite",
    "programs": "/my/api-tokens",
    "new-program": "/my/api-tokens/new",
    "requests": "/my/requests",
    "add-organisation": "/my/organisations/new",
}
PROVIDER: dict[str, Place] = {
    "engagements": "/engagements",
    "engagement": ("/engagements", rf"^/engagements/{ID}$"),
    "quotations": "/quotations",
    "quotation-request": ("/quotations", rf"^/quotations/requests/{ID}$"),
    "bids": "/my/bids",
    "assessments": "/my/assessments",
    "assessment": ("/my/assessments", rf"^/my/assessments/{ID}$"),
    "complaints": "/my/complaints",
    "complaint": ("/my/complaints", rf"^/my/complaints/{ID}$"),
}
RETURNED: dict[str, Place] = {
    "desk": "/desk",
    "dossier": "/my/institution",
    "application": ("/my/applications", rf"^/my/applications/{ID}$"),
    "withdraw": "{application}/withdraw",
    "correct": "{application}/correct",
    "listing": ("/my/institution/listings", rf"/listings/{ID}$"),
    "terms": "{listing}/terms",
}
STAFF: dict[str, Place] = {"desk": "/desk"}
ENTERPRISE: dict[str, Place] = {
    "projects": "/my/projects",
    "add-project": "/my/projects/add",
    "project": ("/my/projects", rf"^/projects/{ID}$"),
    "critical-path": ("{project}", rf"^/projects/{ID}/path$"),
    "choose": ("{project}", rf"^/institutions/for/{ID}/[\w-]+$"),
    "choose-several": ("{project}", r"^/institutions/for/.*way=ask$"),
    "one-chosen": ("{choose-several}", r"#at-"),
    "pick": ("{choose}", r"^/engagements/new\?"),
    "ask": ("{one-chosen}", r"^/quotations/new\?"),
    "which-item": "/quotations/new",
    "engagements": "/engagements",
    "engagements-none": "/engagements?q=没有这样的委托",
    "engagement": ("/engagements", rf"^/engagements/{ID}$"),
    "quotations": "/quotations",
    "quotation-round": ("/quotations", rf"^/quotations/{ID}$"),
    "requests-to-departments": "/commission-requests",
    "request-to-department": ("/commission-requests", rf"^/commission-requests/{ID}$"),
    "withdraw-request": ("{request-to-department}", r"/withdraw$"),
    "complaints": "/my/complaints",
}
DEPARTMENT: dict[str, Place] = {
    "competitions": "/competitions/manage",
    "competition": ("/competitions/manage", rf"^/competitions/manage/{ID}$"),
    "lines": "/budgets",
    "line": ("/budgets", rf"^/budgets/lines/{ID}$"),
    "payments": "/budgets/payments",
    "payment": ("/budgets/payments", rf"^/budgets/payments/{ID}$"),
}
OFFICER = DEPARTMENT | {
    "projects": "/projects",
    "project": ("/projects", rf"^/projects/{ID}$"),
    "critical-path": ("{project}", rf"^/projects/{ID}/path$"),
    "new-competition": ("{project}", r"^/competitions/manage/new\?"),
    "requests-to-departments": "/commission-requests",
    "request-to-department": ("/commission-requests", rf"^/commission-requests/{ID}$"),
    "engagements": "/engagements",
    "engagement": ("/engagements", rf"^/engagements/{ID}$"),
}
BUDGET: dict[str, Place] = {
    "lines": "/budgets",
    "lines-none": "/budgets?q=没有这样的经费",
    "line": ("/budgets", rf"^/budgets/lines/{ID}$"),
    "money": ("{line}", rf"^/budgets/holds/{ID}$"),
    "new-line": "/budgets/lines/new",
    "adjust": "{line}/adjust",
    "payments": "/budgets/payments",
}
ASSOCIATION: dict[str, Place] = {
    "queue": "/vetting",
    "queue-filtered": "/vetting?state=decided&kind=admission&sort=newest",
    "queue-none": "/vetting?due=overdue&state=received&item=JL-Z10",
}
EXAMINER = ASSOCIATION | {
    "queue-mine": "/vetting?whose=mine",
    "case-mine": ("/vetting?whose=mine", rf"^/vetting/{ID}$"),
    "case-waiting": ("/vetting?whose=waiting", rf"^/vetting/{ID}$"),
    "case-closed": ("/vetting?state=decided", rf"^/vetting/{ID}$"),
}
ASSESSOR: dict[str, Place] = {
    "complaints": "/complaints",
    "complaint": ("/complaints", rf"^/complaints/{ID}$"),
    "cycles": "/assessments",
    "cycle": ("/assessments", rf"^/assessments/{ID}$"),
    "sheet": ("{cycle}", rf"^/assessments/sheets/{ID}$"),
    "institution": ("/institutions?item=JL-Z05", rf"^/institutions/{ID}$"),
    "new-removal": ("{institution}", r"^/removals/new\?"),
    "removals": "/removals",
    "removal": ("/removals", rf"^/removals/{ID}$"),
}
APPROVER = ASSOCIATION | {
    "case-to-decide": ("/vetting?whose=decide", rf"^/vetting/{ID}$"),
    "case-returned": ("/vetting?state=returned", rf"^/vetting/{ID}$"),
}
SYSTEM: dict[str, Place] = {
    "organisations": "/operator/organisations",
    "organisation": ("/operator/organisations", rf"^/operator/organisations/{ID}$"),
    "new-organisation": "/operator/organisations/new",
    "new-member": "{organisation}/members/new",
    "disputes": "/operator/disputes",
}
SECURITY: dict[str, Place] = {
    "people": "/operator/people",
    "backoffice": "/backoffice/",
    "sessions": "/backoffice/sessions/",
    "users": "/backoffice/users/",
}
AUDIT: dict[str, Place] = {
    "backoffice": "/backoffice/",
    "trail": "/backoffice/trail/",
    "event": ("/backoffice/trail/", r"/backoffice/trail/\d+$"),
}
BACK_OFFICE: dict[str, Place] = {
    "backoffice": "/backoffice/",
    "approval-items": "/backoffice/approval-items/",
    "departments": "/backoffice/departments/",
    "calendar-years": "/backoffice/calendar/",
    "calendar-year": ("/backoffice/calendar/", r"/backoffice/calendar/\d{4}$"),
    "calendar-import": "/backoffice/calendar/import",
    "competences": "/backoffice/competences/",
    "grant-competence": "/backoffice/competences/grant",
    "withdraw-competence": ("/backoffice/competences/", r"/withdraw$"),
    "backoffice-items": "/backoffice/items/",
    "backoffice-item": "/backoffice/items/JL-Z01",
    "new-version": "/backoffice/items/JL-Z01/new-version",
    "memberships": "/backoffice/memberships/",
    "backoffice-organisations": "/backoffice/organisations/",
    "outbox": "/backoffice/outbox/",
    "delivery": ("/backoffice/outbox/?state=done", r"/backoffice/outbox/\d+$"),
    "kinds": "/backoffice/qualification-kinds/",
    "regions": "/backoffice/regions/",
    "rulebook": "/backoffice/rulebook/",
    "rule": ("/backoffice/rulebook/", r"/backoffice/rulebook/[\w.-]+$"),
    "new-value": "{rule}/new-value",
    "stages": "/backoffice/stages/",
    "synonyms": "/backoffice/synonyms/",
    "new-synonym": "/backoffice/synonyms/new",
    "faults": "/backoffice/faults/",
}

SUPERVISOR: dict[str, Place] = {
    "board": "/supervision",
    "board-red": "/supervision?light=red",
    "board-platform": "/supervision/platform",
    "board-organisation": ("/supervision", rf"^/supervision/{ID}"),
    "projects": "/projects",
    "project": ("/projects", rf"^/projects/{ID}$"),
    "critical-path": ("{project}", rf"^/projects/{ID}/path$"),
    "complaints": "/complaints",
}

# What answers otherwise than 200.
STATUS = {"bad-link": 410}

CAST: dict[str, tuple[str, dict[str, Place]]] = {
    "visitor": ("", PUBLIC),
    "institution": ("institution1", INSTITUTION | PROVIDER),
    "returned": ("institution3", RETURNED),
    "enterprise": ("enterprise1", STAFF | ENTERPRISE),
    "examiner": ("examiner1.safety", STAFF | EXAMINER),
    "approver": ("approver.environment", STAFF | APPROVER),
    "assessor": ("examiner1.water", STAFF | ASSESSOR),
    "officer": ("officer", STAFF | OFFICER),
    "department-approver": ("approver", STAFF | DEPARTMENT),
    "budget": ("budget", STAFF | BUDGET),
    "supervisor": ("supervisor", STAFF | SUPERVISOR),
    "system": ("system", STAFF | SYSTEM | BACK_OFFICE),
    "security": ("security", STAFF | SECURITY),
    "audit": ("audit", STAFF | AUDIT),
}
