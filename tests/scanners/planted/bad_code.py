"""Deliberately bad: a flaw for each rule of the scanners, which must find it. Never run, never shipped.

A line ends with "ruleid:" and the rules that must find it, or with "ok:" and those that must not.
"""

import hashlib
import hmac
import json
import os
import pickle
import random
import re
import socket
import sqlite3
import ssl
import subprocess
import urllib.request
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import httpx2
import openpyxl
import pikepdf
import pypdfium2
import yaml
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import redirect, render_template_string, request, send_file, url_for
from flask_babel import gettext
from flask_wtf import FlaskForm
from markupsafe import Markup
from PIL import Image
from sqlalchemy import text
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from marketplace.infra import crypto


def digests(form, key):
    """What was typed, told by its digest."""
    hashlib.sha256(form.price.encode())  # ruleid: plain-digest-of-text
    hashlib.sha256(form.scan.data)  # ruleid: plain-digest-of-text
    hashlib.sha256(request.data)  # ruleid: plain-digest-of-text
    hashlib.md5(b"")
    hmac.new(key, form.price.encode(), hashlib.sha256)  # ok: plain-digest-of-text
    hashlib.sha256(Path("a").read_bytes())  # ok: plain-digest-of-text


def numbers(form, days, typed):
    """What was typed, taken as a number."""
    int(request.args["page"])  # ruleid: typed-text-as-number
    page = request.form.get("page", "").strip()
    float(page)  # ruleid: typed-text-as-number
    Decimal(form.price.data)  # ruleid: typed-text-as-number
    date.fromisoformat(request.args.get("day", ""))  # ruleid: typed-text-as-number
    int(typed.value)  # ok: typed-text-as-number
    days.isdigit()  # ruleid: digits-of-any-script
    return days.isascii() and days.isdigit()  # ok: digits-of-any-script


def statements(session, User, name):
    """Values in the middle of statements."""
    session.execute(text(f"SELECT * FROM a WHERE b = '{name}'"))  # ruleid: sql-put-together
    session.execute(text("SELECT * FROM a WHERE b = '%s'" % name))  # ruleid: sql-put-together
    session.execute(text("SELECT * FROM a WHERE b = " + name))  # ruleid: sql-put-together
    sqlite3.connect("a").execute("SELECT {}".format(name))  # ruleid: sql-put-together
    session.execute(text("SELECT * FROM a WHERE b = :name"), {"name": name})  # ok: sql-put-together
    User.name.ilike(f"%{name}%")  # ruleid: like-with-typed-signs
    User.name.icontains(name)  # ruleid: like-with-typed-signs
    User.name.icontains(name, autoescape=True)  # ok: like-with-typed-signs


def pages(name, environment):
    """Values as HTML."""
    Markup(f"<b>{name}</b>")  # ruleid: markup-of-a-value
    Markup(name)  # ruleid: markup-of-a-value
    Markup("<b>{}</b>").format(name)  # ok: markup-of-a-value
    render_template_string("<b>" + name)  # ruleid: template-of-a-value
    environment.from_string(name)  # ruleid: template-of-a-value


def seals(key, nonce, plain):
    """Ciphertexts that can be moved."""
    AESGCM(key).encrypt(nonce, plain, None)  # ruleid: sealed-without-a-place
    crypto.encrypt(plain, "")  # ruleid: sealed-without-a-place
    crypto.encrypt_bytes(plain)  # ruleid: sealed-without-a-place
    crypto.encrypt(plain, "table.column.1")  # ok: sealed-without-a-place


def ways(local_address):
    """Links that lead anywhere."""
    target = request.args.get("next", "/")
    redirect(target)  # ruleid: leads-anywhere
    redirect(request.referrer)  # ruleid: leads-anywhere
    redirect(local_address(request.args.get("next"), "/"))  # ok: leads-anywhere
    redirect(url_for("home", page=request.args.get("page")))  # ok: leads-anywhere


def amounts(price_fen, share):
    """Money that is not exact."""
    Decimal(0.1)  # ruleid: amount-through-a-fraction
    Decimal(float(share))  # ruleid: amount-through-a-fraction
    float(price_fen)  # ruleid: amount-through-a-fraction
    round(price_fen / 100, 2)  # ruleid: amount-through-a-fraction
    Decimal(price_fen) / 100  # ok: amount-through-a-fraction
    Decimal("0.1")  # ok: amount-through-a-fraction


def programs(name, process):
    """Programs and computers that are waited for without end."""
    subprocess.run(["convert", name], check=True)  # ruleid: program-without-a-limit
    subprocess.run(f"convert {name}", shell=True, timeout=5, check=True)  # ruleid: shell
    os.system("convert " + name)  # ruleid: shell
    process.communicate()  # ruleid: program-without-a-limit
    subprocess.run(["convert", name], check=True, timeout=5)  # ok: program-without-a-limit
    urllib.request.urlopen(name)  # ruleid: call-without-a-limit
    httpx2.get(name)  # ruleid: call-without-a-limit
    socket.create_connection(("127.0.0.1", 25))  # ruleid: call-without-a-limit
    httpx2.get(name, timeout=5)  # ok: call-without-a-limit
    httpx2.get(name, timeout=5, verify=False)  # ruleid: certificate-not-looked-at
    ssl._create_unverified_context()  # ruleid: certificate-not-looked-at


def secrets(signature, expected):
    """A secret that time tells, and one that is none."""
    print(random.random())
    if signature == expected:  # ruleid: secret-compared-by-time
        return True
    return hmac.compare_digest(signature, expected)  # ok: secret-compared-by-time


def files(folder):
    """Files where somebody else says."""
    name = request.args["name"]
    open(name)  # ruleid: file-where-somebody-says
    send_file(folder / request.files["scan"].filename)  # ruleid: file-where-somebody-says
    pickle.loads(request.data)
    yaml.load(name, Loader=yaml.Loader)


def logs(log, person):
    """People in a log."""
    log.info("signed in", email=person.email)  # ruleid: person-in-a-log
    log.warning("refused", mobile=person.mobile)  # ruleid: person-in-a-log
    log.info("signed in", user_id=person.id)  # ok: person-in-a-log


def exemptions(csrf, view):
    """Forms that others may send."""
    csrf.exempt(view)  # ruleid: form-without-its-token


def patterns(words):
    """Digits of every script."""
    re.compile(r"\d{1,5}")  # ruleid: digits-in-a-pattern
    re.sub(r"[^\d]", "", words)  # ruleid: digits-in-a-pattern
    re.compile(r"\d{1,5}", re.ASCII)  # ok: digits-in-a-pattern
    re.compile("[0-9]{1,5}")  # ok: digits-in-a-pattern


def names(one, other, Person):
    """The same person, written in two ways."""
    one.name == other.name  # ruleid: name-compared-letter-by-letter
    one.legal_representative != other.person_name  # ruleid: name-compared-letter-by-letter
    Person.name == other.name  # ok: name-compared-letter-by-letter


def documents(path):
    """Files of strangers, opened where the keys are."""
    pikepdf.open(path)  # ruleid: document-opened-among-keys
    pypdfium2.PdfDocument(path)  # ruleid: document-opened-among-keys
    Image.open(path)  # ruleid: document-opened-among-keys
    openpyxl.load_workbook(path)  # ruleid: document-opened-among-keys
    zipfile.ZipFile(path)  # ruleid: document-opened-among-keys


def messages(answer, kept):
    """JSON of any depth."""
    request.get_json()  # ruleid: json-without-bounds
    json.loads(request.data)  # ruleid: json-without-bounds
    answer.json()  # ruleid: json-without-bounds
    json.loads(kept)  # ok: json-without-bounds


class LooseForm(FlaskForm):  # ruleid: form-not-of-the-base
    """A form that keeps nothing."""

    name = StringField("Name", [Length(max=9, message="Too long.")])  # ruleid: words-of-one-language
    town = StringField("Town", [DataRequired("Write it.")])  # ruleid: words-of-one-language
    size = StringField("Size", [Length(max=9, message=gettext("Too long."))])  # ok: words-of-one-language


def crumbs(answer, text):
    """Cookies that scripts read."""
    answer.set_cookie("a", text)  # ruleid: cookie-left-open
    answer.set_cookie("a", text, httponly=True)  # ruleid: cookie-left-open
    answer.set_cookie("a", text, secure=True, httponly=True, samesite="Lax")  # ok: cookie-left-open
