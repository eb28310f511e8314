"""Scanners that visit the running product, signed in: wapiti and sqlmap."""

import csv
import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import parse_qsl, urlencode, urlsplit

from benchmarks.visiting import Form
from bin._prepare import ROOT
from tests.product import free_port
from tests.scanners.findings import PLANTED, Finding
from tests.scanners.planted.bad_shop import COOKIE
from tests.scanners.running import Late, run
from tests.scanners.visitor import Visitor

# Those that need no other computer.
MODULES = "sql,xss,permanentxss,redirect,crlf,file,exec,csp,cookieflags,http_headers,methods"
# Leaving, the clock and entrance of the demo, and what is the same for everybody.
NOT_VISITED = (
    "sign-out",
    "demo",
    "static",
    "my/sessions",
    "my/second-factor",
    "my/account/password",
)
TOKENS = ("csrf_token", "once", "acting_as", "seen")
WAPITI_FINDS = {"SQL Injection", "Reflected Cross Site Scripting", "Open Redirect"}
# What sqlmap says of a parameter that it tried in vain.
_SPARED = re.compile(r"parameter '([^']+)' does not seem to be injectable")
# An answer that was late on a busy machine says nothing.
NO_FAULTS = {"Resource consumption"}


@dataclass(frozen=True)
class Role:
    """Somebody who signs in, and the pages that are looked at as them.

    `lists` take parameters in their address, `forms` are sent.
    """

    user: str
    lists: tuple[str, ...]
    forms: tuple[str, ...]


ROLES = (
    Role("institution1", ("/institutions", "/my/applications"), ("/my/institution/contact",)),
    Role("enterprise1", ("/engagements", "/my/projects"), ("/my/projects/add",)),
    Role("officer", ("/projects", "/competitions/manage"), ("/my/account/details",)),
)


@dataclass
class Site:
    """What is visited: an address, the cookies of whoever visits, pages and forms."""

    home: str
    cookies: str
    questions: list[str] = field(default_factory=list)
    orders: list[Form] = field(default_factory=list)
    name: str = ""


def site_of(role: Role, home: str) -> tuple[Site, Visitor]:
    """The pages of a role, read while signed in."""
    visitor = Visitor(home)
    visitor.sign_in(role.user)
    questions = [visitor.question(path) for path in role.lists]
    orders = [visitor.order(path) for path in role.forms]
    return Site(home, visitor.cookies, questions, orders, role.user), visitor


@contextmanager
def planted_shop() -> Iterator[Site]:
    """The shop that was made for scanners to find something."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, PLANTED / "bad_shop.py", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    home = f"http://127.0.0.1:{port}"
    try:
        _wait_for(port)
        order = Form(f"{home}/pay", posts=True, values={"token": "1", "name": "tea"})
        yield Site(home, COOKIE, [f"{home}/find?q=tea", f"{home}/go?to=/find"], [order], "planted")
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise Late("the planted shop does not answer")


def wapiti(site: Site, *, crawl: float, attack: float) -> list[Finding]:
    """What wapiti finds from the pages of the site on, so many seconds for each of its modules."""
    starts = [word for one in site.questions for word in ("-s", one)]
    starts += [word for one in site.orders for word in ("-s", one.address)]
    leave = [word for path in NOT_VISITED for word in ("-x", f"{site.home}/{path}*")]
    leave += [word for name in TOKENS for word in ("--skip", name)]
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        bounds = ("-d", 2, "--max-links-per-page", 12, "--max-files-per-dir", 8, "--tasks", 2)
        times = ("--max-scan-time", crawl, "--max-attack-time", attack, "-t", 20)
        own = ("--store-session", folder, "--store-config", folder, "--no-bugreport", "-v", "0")
        own = (*own, "--dns-endpoint", "localhost")  # else it asks for a name of its makers
        words = ("-u", f"{site.home}/", "-C", site.cookies, "-m", MODULES)
        said = run(
            "wapiti",
            *(*words, *starts, *leave, *bounds, *times, *own, "-f", "json", "-o", report),
            seconds=crawl + attack * (MODULES.count(",") + 2),
            folder=Path(folder),
        )
        if not report.is_file():
            raise Late(f"wapiti wrote no report: {said[-2000:]}")
        return _told_by_wapiti(json.loads(report.read_text("utf-8")))


def _told_by_wapiti(report: dict[str, dict[str, list[dict[str, str]]]]) -> list[Finding]:
    found = []
    for kind in ("vulnerabilities", "anomalies"):
        for rule, ones in report[kind].items():
            for one in ones if rule not in NO_FAULTS else ():
                words = f"{one['method']} {one['parameter'] or ''}: {one['info']}"
                found.append(Finding("wapiti", rule, urlsplit(one["path"]).path, words=words))
    return list(dict.fromkeys(found))


def sqlmap(site: Site, *, seconds: float) -> list[Finding]:
    """What sqlmap can put into the statements behind the site's lists and forms."""
    targets = [(one, "") for one in site.questions]
    targets += [(one.address, urlencode(one.values)) for one in site.orders]
    began = time.monotonic()
    found: list[Finding] = []
    for address, sent in targets:
        left = seconds - (time.monotonic() - began)
        found += _sqlmap(site, address, sent, max(left, 1.0))
    return found


def _sqlmap(site: Site, address: str, sent: str, seconds: float) -> list[Finding]:
    with TemporaryDirectory() as folder:
        results, bulk = Path(folder) / "results.csv", Path(folder) / "targets"
        bulk.write_text(f"{address}\n", "utf-8")
        said = run(
            "sqlmap",
            *("-m", bulk, "--results-file", results, "--output-dir", folder, "--batch"),
            *("--cookie", site.cookies, "--drop-set-cookie", "--dbms", "sqlite"),
            *("--technique", "BE", "--skip", ",".join(TOKENS), "--timeout", 20, "--retries", 3),
            "--ignore-redirects",
            # Sent once more with other values it would be refused before anything reads them.
            *(("--data", sent, "--randomize", "once") if sent else ()),
            seconds=seconds,
            folder=ROOT,
        )
        found = _told_by_sqlmap(results) if results.is_file() else []
    parameters = {name for name, _value in parse_qsl(sent or urlsplit(address).query)}
    missed = parameters - {*TOKENS, *_SPARED.findall(said)}
    if missed and not found:  # it goes no further where it got in
        raise Late(f"sqlmap did not try {sorted(missed)} of {address}: {said[-2000:]}")
    return found


def _told_by_sqlmap(results: Path) -> list[Finding]:
    with results.open(encoding="utf-8", newline="") as file:
        return [
            Finding(
                "sqlmap",
                "SQL injection",
                urlsplit(row["Target URL"]).path,
                words=f"{row['Place']} {row['Parameter']}: {row['Technique(s)']}",
            )
            for row in csv.DictReader(file)
            if row["Technique(s)"]
        ]


def wapiti_is_blind_to() -> list[str]:
    """What wapiti was to find in the planted shop, and did not."""
    with planted_shop() as site:
        found = {one.rule for one in wapiti(site, crawl=30, attack=30)}
    return sorted(WAPITI_FINDS - found)


def sqlmap_is_blind_to() -> list[str]:
    """The addresses of the planted shop that sqlmap was to get into, and did not."""
    with planted_shop() as site:
        site.questions = site.questions[:1]
        found = {one.place for one in sqlmap(site, seconds=240)}
    return sorted({"/find", "/pay"} - found)
