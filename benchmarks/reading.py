"""How many files somebody reads who follows one act through the product.

    python -m benchmarks.reading [--json] [--world FOLDER] [--against REVISION]

makes the demo world (or takes the one of FOLDER, made there when missing, and works on a copy),
plays three acts as a browser does, and counts the files of the three packages in which a function
ran:

- a pick: an enterprise opens the page for picking an institution and picks one;
- a payment: an officer opens the page and proposes it, the approver opens the page and approves;
- a search: a visitor asks the directory for words, narrowed by an item.

The deliveries of what was recorded are followed too, as the worker makes them. Modules and classes
that are being made do not count, nor does what is done once in a process: each act is done before
in the same process, unwatched, by the same people with other records.
"""

from __future__ import annotations

import argparse
import inspect
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType

from flask import Flask

from benchmarks.sources import PACKAGES, ROOT, tree_of
from benchmarks.visiting import Visitor

ENTERPRISE = "enterprise1@demo.example"
OFFICER = "officer2@demo.example"
APPROVER = "approver@demo.example"
PASSWORD = "songhua-2018-lake"  # noqa: S105 - shown to everybody at the entrance of the demo
ID = "[a-z2-7]{10}"
TARGETS = {"pick": 60, "payment": 45, "search": 32}


class Follower:
    """Notes in which files functions run while it watches."""

    def __init__(self, root: Path) -> None:
        self._folders = tuple(f"{root / package}{os.sep}" for package in PACKAGES)
        self._root = root
        self._codes: set[CodeType] = set()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch everything that is done within, in this thread and in new ones."""
        threading.setprofile(self._note)
        sys.setprofile(self._note)
        try:
            yield
        finally:
            sys.setprofile(None)
            threading.setprofile(None)  # type: ignore[arg-type]

    def _note(self, frame: FrameType, event: str, _argument: object) -> None:
        if event == "call":
            self._codes.add(frame.f_code)

    @property
    def files(self) -> list[str]:
        """From the root; what runs while a module or a class is made is no function."""
        return sorted(
            {
                Path(code.co_filename).relative_to(self._root).as_posix()
                for code in self._codes
                if code.co_filename.startswith(self._folders)
                and code.co_flags & inspect.CO_NEWLOCALS
            }
        )


# ------------------------------------------------------------------ the acts


class Players:
    """The people of the acts, signed in, and the worker."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self.visitor = Visitor(app)
        self.enterprise, self.officer, self.approver = (
            self._signed_in(mail) for mail in (ENTERPRISE, OFFICER, APPROVER)
        )
        self._places = iter(self._where_to_pick())
        self._contract = self.officer.look("/budgets/payments").leads_to(
            f"/budgets/holds/{ID}/pay"
        )[0]
        self._questions = iter(("水利", "技术 咨询"))

    def _signed_in(self, mail: str) -> Visitor:
        visitor = Visitor(self._app)
        visitor.sign_in(mail, PASSWORD)
        return visitor

    def _where_to_pick(self) -> list[str]:
        projects = self.enterprise.look("/my/projects").leads_to(f"/projects/{ID}")
        pattern = rf"/institutions/for/{ID}/[\w-]+"
        return [
            place
            for project in projects
            for place in self.enterprise.look(project).leads_to(pattern)[:1]
        ]

    def deliver(self) -> None:
        """Deliver what the acts have recorded."""
        from marketplace.infra.outbox.delivery import deliver_all  # noqa: PLC0415

        with self._app.app_context():
            deliver_all(self._app.extensions["settings"])

    def pick(self) -> bool:
        """Search for an item of a project and pick the first institution that is found."""
        found = self.enterprise.look(next(self._places))
        offered = found.leads_to(rf"/engagements/new\?project={ID}&listing={ID}")
        if not offered:
            return False
        page = self.enterprise.look(offered[0])
        answer = self.enterprise.send(offered[0], page, words="请按合同约定办理。")
        self.deliver()
        return answer.status_code == 303

    def pay(self) -> bool:
        """Propose a payment and approve it."""
        proposed = self.officer.send(self._contract, amount="100")
        self.deliver()
        approved = self.approver.send(f"{proposed.location}/approve")
        self.deliver()
        return approved.status_code == 303

    def search(self) -> bool:
        """Ask the directory."""
        question = next(self._questions)
        page = self.visitor.look(f"/institutions?q={question}&item=JL-Z05&region=220100")
        return bool(page.leads_to(f"/institutions/{ID}"))


def follow(root: Path, app: Flask) -> dict[str, list[str]]:
    """The files of each act, the second time it is done."""
    players = Players(app)
    acts: Mapping[str, Callable[[], bool]] = {
        "pick": players.pick,
        "payment": players.pay,
        "search": players.search,
    }
    for act in acts.values():
        while not act():
            pass
    return {name: _followed(root, act) for name, act in acts.items()}


def _followed(root: Path, act: Callable[[], bool]) -> list[str]:
    while True:
        follower = Follower(root)
        with follower.watching():
            succeeded = act()
        if succeeded:
            return follower.files


# ------------------------------------------------------------------ the world


def environment(home: Path) -> dict[str, str]:
    """The demo with its files under `home`; nothing of the operator's own settings."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name != "DATABASE_URL" and not name.startswith("MARKETPLACE_")
    }
    return kept | {"MARKETPLACE_ENV": "demo", "MARKETPLACE_HOME": str(home)}


def make_world(home: Path) -> None:
    """Load the demo world into a new home."""
    flask = [sys.executable, "-W", "ignore", "-m", "flask", "--app", "marketplace.app:create_app"]
    for words in (["db", "upgrade"], ["demo", "load"]):
        subprocess.run(
            [*flask, *words],
            cwd=ROOT,
            env=environment(home),
            stdout=sys.stderr,
            check=True,
        )


def measure(world: Path | None) -> dict[str, list[str]]:
    """Play the acts in a copy of the world."""
    with tempfile.TemporaryDirectory(prefix="home-") as folder:
        home = Path(folder) / "home"
        kept = world or home
        if not kept.exists():
            kept.mkdir(parents=True)
            make_world(kept)
        if kept != home:
            shutil.copytree(kept, home)
        os.environ.clear()
        os.environ.update(environment(home))
        from marketplace.app import create_app  # noqa: PLC0415 - reads the environment

        return follow(ROOT, create_app())


def measure_against(revision: str) -> dict[str, list[str]]:
    """The same acts in the tree of a revision, played by that tree's own application."""
    with tree_of(revision) as root:
        shutil.copytree(ROOT / "benchmarks", root / "benchmarks", dirs_exist_ok=True)
        asked = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "benchmarks.reading", "--json"],
            cwd=root,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    found: dict[str, list[str]] = json.loads(asked.stdout)["here"]
    return found


def main() -> None:
    """Follow the acts, and print what was read."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--json", action="store_true", help="for machines")
    asked.add_argument("--world", type=Path, help="where the demo world is kept, or is to be")
    asked.add_argument("--against", metavar="REVISION", help="follow this revision beside it")
    wanted = asked.parse_args()
    columns = {wanted.against: measure_against(wanted.against)} if wanted.against else {}
    columns["here"] = measure(wanted.world.resolve() if wanted.world else None)
    if wanted.json:
        print(json.dumps(columns, indent=1))
        return
    print(f"{'files with functions that run':30}", *(f"{name:>10}" for name in columns), "  target")
    for act, target in TARGETS.items():
        counted = (f"{len(files[act]):>10}" for files in columns.values())
        print(f"{act:30}", *counted, f"{'<= ' + str(target):>8}")
    for act, files in columns["here"].items():
        print(f"\n{act}:", *files, sep="\n  ")


if __name__ == "__main__":
    main()
