"""Everything that must exist before the product or its tests can run, made once and kept.

Run by bin/prepare with whatever Python 3.11+ the machine has, so only the standard library is
used. Each step writes the hash of what it was made from and is skipped while that holds.
"""

import ctypes
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BUILD = ROOT / "build"
PYTHON = VENV / "bin" / "python"
REQUIREMENTS = ROOT / "requirements"
STATIC = ROOT / "static"
VENDOR = STATIC / "vendor"
FONTS = BUILD / "fonts"
NPM = BUILD / "npm"
BOOTSTRAP = NPM / "node_modules" / "bootstrap" / "dist" / "css" / "bootstrap.min.css"
# Where classes are written, besides our own style sheets.
WITH_CLASSES = ("templates/**/*.html", "static/js/*.js", "admin/**/*.py", "marketplace/web/*.py")
TRANSLATIONS = ROOT / "marketplace" / "translations"
OLDEST_NODE = 18
MOST_WORDS = 2000
# Debian's packages that PDFs are made with, each by its library.
PDF_LIBRARIES = {
    "libpango-1.0-0": "libpango-1.0.so.0",
    "libpangoft2-1.0-0": "libpangoft2-1.0.so.0",
    "libharfbuzz-subset0": "libharfbuzz-subset.so.0",
}
# Programs whose packages are not the product's.
APART = ("client", "sbom")
# What goes wrong is said, and nothing else.
NPM_OPTIONS = ("--ignore-scripts", "--loglevel", "error", "--no-audit", "--no-fund")
# What makes the style sheet is wanted in production, too.
NPM_CI = ("ci", "--include=dev", *NPM_OPTIONS)


class Problem(Exception):
    """Something is missing that this script cannot make; the message says what to do."""


def say(text: str) -> None:
    """Tell the person at the terminal what is being waited for."""
    print(f"prepare: {text}", flush=True)


def shortened(words: str) -> str:
    """Beginning and end of what a program said: some give the reason first, some last."""
    if len(words) <= 2 * MOST_WORDS:
        return words
    return f"{words[:MOST_WORDS]}\n[...]\n{words[-MOST_WORDS:]}"


def run(*command: str | Path, cwd: Path = ROOT) -> None:
    """Run a command; raise `Problem` with its own words when it fails."""
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, text=True, capture_output=True, check=False
    )
    if done.returncode == 0:
        return
    words = "\n".join(shortened(each.strip()) for each in (done.stdout, done.stderr)).strip()
    failed = " ".join(str(part) for part in command)
    raise Problem(
        f"this command failed ({done.returncode}): {failed}\n{words or 'It said nothing.'}"
    )


def fingerprint(paths: Iterable[Path]) -> str:
    """One hash over the names and contents of these files."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


class Stamp:
    """Remembers from what a step was last made."""

    def __init__(self, path: Path, made_from: str) -> None:
        self.path = path
        self.made_from = made_from

    def holds(self) -> bool:
        """True when the step need not run again."""
        return self.path.is_file() and self.path.read_text("ascii") == self.made_from

    def set(self) -> None:
        """Call only after the step has succeeded."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(self.made_from, "ascii")


# ------------------------------------------------------------------ Python


def venv_works() -> bool:
    """True when the virtual environment starts a Python that is new enough."""
    if not PYTHON.exists():
        return False
    check = "import sys; sys.exit(sys.version_info < (3, 11))"
    return subprocess.run([PYTHON, "-c", check], check=False, capture_output=True).returncode == 0


def make_venv() -> None:
    """Make .venv, unless it is there and works."""
    if (VENV / "prepared").is_dir() and PYTHON.exists():
        return  # Made by this script: trusted without starting it, to stay quick.
    if venv_works():
        return
    say("making .venv")
    make_environment(VENV)


def make_environment(folder: Path) -> None:
    """Make an empty one; Debian's Python needs python3-venv for that, which root may install."""
    uv = shutil.which("uv")
    if uv:
        run(uv, "venv", "--quiet", "--clear", "--python", sys.executable, folder)
        return
    try:
        run(sys.executable, "-m", "venv", "--clear", folder)
    except Problem:
        shutil.rmtree(folder, ignore_errors=True)  # Debian leaves one without pip behind.
        apt_install(f"python{sys.version_info.major}.{sys.version_info.minor}-venv")
        run(sys.executable, "-m", "venv", "--clear", folder)


def apt_install(*packages: str) -> None:
    """Install Debian packages when root; otherwise say in one line which are missing."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Problem("please install: apt-get install " + " ".join(packages))
    say("installing " + " ".join(packages))
    quiet_apt = ("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-y")
    run(*quiet_apt, "update")
    run(*quiet_apt, "install", "--no-install-recommends", *packages)


def install_lock(name: str, implied: tuple[str, ...] = ()) -> None:
    """Install requirements/<name>.lock with its hashes when it changed since last time."""
    lock = REQUIREMENTS / f"{name}.lock"
    stamp = Stamp(VENV / "prepared" / name, fingerprint([lock]))
    if stamp.holds():
        return
    say(f"installing Python packages ({name}); the first time takes a minute or two")
    install(lock, PYTHON)
    stamp.set()
    for other in implied:
        Stamp(VENV / "prepared" / other, fingerprint([REQUIREMENTS / f"{other}.lock"])).set()


def install_apart(name: str) -> None:
    """Install requirements/<name>.lock in an environment of its own under build/."""
    lock, folder = REQUIREMENTS / f"{name}.lock", BUILD / name
    stamp = Stamp(folder / "prepared" / name, fingerprint([lock]))
    if stamp.holds():
        return
    say(f"installing Python packages apart ({name})")
    make_environment(folder)
    install(lock, folder / "bin" / "python")
    stamp.set()


def install(lock: Path, python: Path) -> None:
    """Install a lock file with its hashes for this Python."""
    if not install_with_uv(lock, python):
        install_with_pip(lock, python)


def install_with_uv(lock: Path, python: Path) -> bool:
    """Install by uv where it exists; False when pip has to do it."""
    uv = shutil.which("uv")
    if not uv:
        return False
    command = (uv, "pip", "install", "--quiet", "--python", python, "--require-hashes")
    try:
        run(*command, "--no-deps", "-r", lock)
    except Problem as problem:
        say(f"uv could not; trying pip. {problem}")
        return False
    return True


def install_with_pip(lock: Path, python: Path) -> None:
    """Install by pip, which every virtual environment can have."""
    pip = (python, "-W", "ignore", "-m", "pip")
    try:
        run(*pip, "--version")
    except Problem:
        run(python, "-m", "ensurepip", "--upgrade")
    options = ("--quiet", "--disable-pip-version-check", "--no-input", "--no-compile")
    run(*pip, "install", *options, "--require-hashes", "--no-deps", "-r", lock)


def look_after_pdf_libraries() -> None:
    """Install what PDFs are made with when root; the site runs without, and says so where asked."""
    missing = [name for name, library in PDF_LIBRARIES.items() if not is_loadable(library)]
    if not missing:
        return
    try:
        apt_install(*missing)
    except Problem as problem:
        say(f"{problem}; until then no contract is given out as a PDF")


def is_loadable(library: str) -> bool:
    """Whether this machine has a shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


# ------------------------------------------------------------------ browser assets


def with_node() -> tuple[str, str]:
    """What stands before npm or node: the machine's where new enough, else those of a wheel."""
    if not npm_is_new_enough():
        install_lock("node")
    path = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return "env", f"PATH={path}"


def npm_is_new_enough() -> bool:
    """True when PATH has an npm beside a Node that still gets npm releases."""
    node = shutil.which("node")
    if not node or not shutil.which("npm"):
        return False
    version = subprocess.run([node, "--version"], check=False, capture_output=True, text=True)
    major = version.stdout.strip().lstrip("v").split(".")[0]
    return major.isdigit() and int(major) >= OLDEST_NODE


def fetch_assets() -> None:
    """Fetch what static/package-lock.json names; copy the listed files to where they are used."""
    sources = [STATIC / name for name in ("package.json", "package-lock.json", ".npmrc")]
    named = json.loads(sources[0].read_text("utf-8"))
    wanted = {VENDOR: named["vendorFiles"], FONTS: named["paperFonts"]}
    stamp = Stamp(BUILD / "prepared" / "assets", fingerprint(sources))
    there = (folder / name for folder, names in wanted.items() for name in names)
    if stamp.holds() and all(path.is_file() for path in there):
        return
    say("fetching browser assets and fonts")
    NPM.mkdir(parents=True, exist_ok=True)
    for source in sources:
        shutil.copy(source, NPM / source.name)
    run(*with_node(), "npm", *NPM_CI, cwd=NPM)
    for folder, names in wanted.items():
        copy_files(names, folder)
    # Nine weights of which two are wanted: they are most of what was fetched.
    shutil.rmtree(NPM / "node_modules" / "@expo-google-fonts", ignore_errors=True)
    stamp.set()


def copy_files(wanted: dict[str, str], folder: Path) -> None:
    """Replace a folder as a whole, so that nothing unlisted lingers there."""
    fresh = BUILD / "fresh"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for name, source in wanted.items():
        shutil.copyfile(NPM / "node_modules" / source, fresh / name)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.move(fresh, folder)


def make_stylesheet() -> None:
    """Write the part of Bootstrap that pages use to static/vendor."""
    script = ROOT / "bin" / "_stylesheet.mjs"
    users = sorted(path for pattern in WITH_CLASSES for path in ROOT.glob(pattern))
    made_from = fingerprint([script, STATIC / "package-lock.json", *users])
    stamp = Stamp(BUILD / "prepared" / "stylesheet", made_from)
    sheet = VENDOR / "bootstrap.css"
    if stamp.holds() and sheet.is_file():
        return
    say("writing the style sheet of what is used")
    run(*with_node(), "node", script, BOOTSTRAP, sheet, *users)
    stamp.set()


# ------------------------------------------------------------------ translations


def compile_translations() -> None:
    """Compile every .po file beside itself."""
    catalogues = sorted(TRANSLATIONS.glob("*/LC_MESSAGES/*.po"))
    stamp = Stamp(BUILD / "prepared" / "translations", fingerprint(catalogues))
    if stamp.holds() and all(path.with_suffix(".mo").is_file() for path in catalogues):
        return
    if catalogues:
        say("compiling translations")
        for path in catalogues:
            compiled = path.with_suffix(".mo")
            pybabel = VENV / "bin" / "pybabel"
            run(pybabel, "-q", "compile", "-i", path, "-o", compiled)
    stamp.set()


def prepare(profile: str) -> None:
    """Make all that `profile` needs; two at once wait for each other."""
    BUILD.mkdir(exist_ok=True)
    with (BUILD / "prepare.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if profile in APART:
            install_apart(profile)
            return
        make_venv()
        if profile == "dev":
            install_lock("dev", implied=("runtime",))
            for name in APART:
                install_apart(name)
        else:
            install_lock("runtime")
        look_after_pdf_libraries()
        fetch_assets()
        make_stylesheet()
        compile_translations()


if __name__ == "__main__":
    try:
        prepare(sys.argv[1])
    except Problem as problem:
        sys.exit(f"prepare: {problem}")
