"""Which Chromium of the machine draws pages for tests and pictures, and how it is started."""

import shutil

# The one that has no window of its own takes much less time than the others.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser")
# Nothing here has a graphics card, and imitating one takes longer than drawing without.
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-gpu-rasterization",
    "--disable-gpu-compositing",
    "--disable-software-rasterizer",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def chromium() -> str | None:
    """The path of the first that is installed."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)
