"""Deliberately bad: a tiny shop with a flaw for each scanner that visits, which must find it.

Its pages are open to whoever has the cookie only, so a scanner that is not signed in finds nothing.
Served on loopback for a minute by bin/scan; never shipped.
"""

import sqlite3
import sys

from flask import Flask, Response, redirect, request

COOKIE = "seat=taken"
_LOGIN = "<form><input name=a></form>"
_HEAD = "<html><body><a href='/find?q=tea'>Find</a> <a href='/go?to=/find'>Go</a>"
_FORM = "<form action='/find'><input name=q value=tea><button>Find</button></form></body></html>"
_PAY = (
    "<form action='/pay' method=post><input type=hidden name=token value=1>"
    "<input name=name value=tea><button>Pay</button></form>"
)

app = Flask(__name__)


@app.before_request
def turn_away() -> Response | None:
    """Only whoever has the cookie gets in."""
    if request.headers.get("Cookie", "").find(COOKIE) < 0:
        return Response(_LOGIN, 401)
    return None


def answers(name: str) -> list[tuple[str]]:
    """What a statement put together of texts finds."""
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE TABLE ware (name TEXT)")
        connection.executemany("INSERT INTO ware VALUES (?)", [("tea",), ("salt",)])
        found = connection.execute(f"SELECT name FROM ware WHERE name = '{name}'")  # noqa: S608
        return found.fetchall()


@app.get("/")
def home() -> str:
    """Links and forms."""
    return f"{_HEAD}{_FORM}{_PAY}"


@app.get("/find")
def find() -> str:
    """A list by what is asked; what was asked is said as it came."""
    asked = request.args.get("q", "")
    return f"{_HEAD}<p>{asked}</p><ul>{''.join(f'<li>{one}' for (one,) in answers(asked))}</ul>"


@app.post("/pay")
def pay() -> str:
    """The same for what is sent."""
    return "".join(f"<li>{one}" for (one,) in answers(request.form.get("name", "")))


@app.get("/go")
def go() -> object:
    """Leads anywhere."""
    return redirect(request.args.get("to", "/"))


if __name__ == "__main__":
    app.run("127.0.0.1", int(sys.argv[1]))
