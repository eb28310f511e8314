"""Small documents that tests upload: sound ones and ones that must be refused."""

import io
import zlib
from collections.abc import Callable
from functools import partial

import pikepdf
from PIL import Image


def pdf(pages: int = 1, **root: object) -> bytes:
    """A PDF of blank pages; `root` adds entries to its catalogue."""
    with pikepdf.new() as document:
        for _page in range(pages):
            document.add_blank_page(page_size=(595, 842))
        for name, value in root.items():
            document.Root[f"/{name}"] = value
        output = io.BytesIO()
        document.save(output, deterministic_id=True)
        return output.getvalue()


def pdf_that_acts(subtype: str = "JavaScript") -> bytes:
    """A PDF with an action that runs when it is opened."""
    action = pikepdf.Dictionary(S=pikepdf.Name(f"/{subtype}"))
    if subtype == "JavaScript":
        action["/JS"] = pikepdf.String("app.alert('hello')")
    return pdf(OpenAction=action)


def pdf_with_attachment(name: str = "inner.txt", data: bytes = b"inside") -> bytes:
    """A PDF that carries another file."""

    def attach(document: pikepdf.Pdf) -> None:
        document.attachments[name] = data

    return changed(attach)


def changed(change: Callable[[pikepdf.Pdf], None]) -> bytes:
    """A PDF of one blank page after a change."""
    with pikepdf.open(io.BytesIO(pdf())) as document:
        change(document)
        output = io.BytesIO()
        document.save(output, compress_streams=False)
        return output.getvalue()


def locked_pdf(password: str = "") -> bytes:
    """A PDF with restrictions, and with a password to open it where one is given."""
    with pikepdf.open(io.BytesIO(pdf())) as document:
        output = io.BytesIO()
        document.save(output, encryption=pikepdf.Encryption(owner="owner", user=password))
        return output.getvalue()


def _acting(kind: str, **more: object) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name(f"/{kind}"), **more)


ADDRESS = "https://example.com/here"


def _named_resources(document: pikepdf.Pdf) -> None:
    font = document.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
    )
    fonts = {f"/{name}": font for name in ("JS", "EF", "XFA", "JavaScript", "RichMedia")}
    document.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(fonts))
    document.pages[0].Contents = document.make_stream(b"BT /JS 20 Tf 50 50 Td (text) Tj ET")


def _link(document: pikepdf.Pdf) -> None:
    document.pages[0].Annots = pikepdf.Array(
        [
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Link,
                Rect=[0, 0, 100, 100],
                A=_acting("URI", URI=ADDRESS),
            )
        ]
    )


def _unasked(key: str, act: pikepdf.Dictionary, document: pikepdf.Pdf) -> None:
    if key == "OpenAction":
        document.Root.OpenAction = act
    else:
        document.pages[0].AA = pikepdf.Dictionary(O=act)


def _at_root(key: str, value: dict[str, object], document: pikepdf.Pdf) -> None:
    document.Root[f"/{key}"] = pikepdf.Dictionary(value)


def _film(document: pikepdf.Pdf) -> None:
    annotation = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.RichMedia, Rect=[0, 0, 9, 9]
    )
    document.pages[0].Annots = pikepdf.Array([annotation])


def _behind_much(document: pikepdf.Pdf) -> None:
    script = pikepdf.Dictionary(E=_acting("JavaScript", JS="a()"))
    annotation = pikepdf.Dictionary(Type=pikepdf.Name.Annot, AA=script)
    document.pages[0].Annots = pikepdf.Array([annotation, *[pikepdf.Name("/a")] * 200_001])


def _after_much(document: pikepdf.Pdf) -> None:
    following = [_acting("URI", URI=ADDRESS), *[pikepdf.Name("/a")] * 200_001]
    document.Root.OpenAction = pikepdf.Dictionary(
        S=pikepdf.Name.GoTo, D=pikepdf.Array([0]), Next=pikepdf.Array(following)
    )


def _packed(times: int, document: pikepdf.Pdf, *, megabytes: int = 500) -> None:
    data = b"0 0 m 1 1 l S\n" * (megabytes * 1024 * 1024 // 14)
    for _time in range(times):
        data = zlib.compress(data, 9)
    content = document.make_stream(b"")
    content.write(data, filter=pikepdf.Array([pikepdf.Name.FlateDecode] * times))
    document.pages[0].Contents = content


def _forms_in_forms(document: pikepdf.Pdf) -> None:
    """Ten forms, each of which draws the next ten times: a page of ten thousand million lines."""
    inner = document.make_stream(b"0 0 m 1 1 l S")
    for _level in range(10):
        box = {"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Form}
        inner.stream_dict = pikepdf.Dictionary(
            {**box, "/BBox": [0, 0, 500, 500], **dict(inner.stream_dict.items())}
        )
        outer = document.make_stream(b"/X Do " * 10)
        outer.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=inner))
        inner = outer
    document.pages[0].Resources = inner.Resources
    document.pages[0].Contents = document.make_stream(b"/X Do " * 10)


def _huge_picture(document: pikepdf.Pdf) -> None:
    picture_ = document.make_stream(b"")
    picture_.stream_dict = pikepdf.Dictionary(
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=20_000,
        Height=20_000,
        BitsPerComponent=8,
        ColorSpace=pikepdf.Name.DeviceGray,
    )
    document.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=picture_))


_INVOICE = '<?xml version="1.0" encoding="{}"?><发票 号码="2600"><金额>100.00</金额></发票>'
_TEN = pikepdf.Dictionary(S=pikepdf.Name.GoTo, D=pikepdf.Array([0]), Next=_acting("URI", URI="x:"))

# The PDFs of the table `input/documents`, by the words it has for them.
PDFS: dict[str, Callable[[], bytes]] = {
    "plain": pdf,
    "owner password only": locked_pdf,
    "password to open": lambda: locked_pdf("secret"),
    "1,024 bytes before it": lambda: b"\n" * 1024 + pdf(),
    "1,025 bytes before it": lambda: b"\n" * 1025 + pdf(),
    "heads of a mail before it": lambda: b"Content-Type: application/pdf\r\n\r\n" + pdf(),
    "byte order mark before it": lambda: b"\xef\xbb\xbf" + pdf(),
    "archive before it": lambda: b"PK\x03\x04" + b"\0" * 30 + pdf(),
    "fonts called /JS and /EF": partial(changed, _named_resources),
    "link to click": partial(changed, _link),
    "opens at a page": partial(pdf_that_acts, "GoTo"),
    "invoice as XML attached": lambda: pdf_with_attachment(
        "a.xml", _INVOICE.format("UTF-8").encode()
    ),
    "invoice as XML in GBK": lambda: pdf_with_attachment(
        "a.xml", _INVOICE.format("GBK").encode("gbk")
    ),
    "text attached": pdf_with_attachment,
    "program called XML attached": lambda: pdf_with_attachment("a.xml", b"MZ\x90\0"),
    "XHTML attached": lambda: pdf_with_attachment("a.xml", b"<x><h:script xmlns:h='u'/></x>"),
    "SVG attached": lambda: pdf_with_attachment("a.xml", b"<svg onload='a()'/>"),
    "XML with entities attached": lambda: pdf_with_attachment(
        "a.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"
    ),
    "opens an address": partial(
        changed, partial(_unasked, "OpenAction", _acting("URI", URI=ADDRESS))
    ),
    "opens another file": partial(
        changed, partial(_unasked, "OpenAction", _acting("GoToR", F="//server/share/a.pdf"))
    ),
    "opens an address at a page": partial(
        changed, partial(_unasked, "AA", _acting("URI", URI=ADDRESS))
    ),
    "opens an address afterwards": partial(changed, partial(_unasked, "OpenAction", _TEN)),
    "script": pdf_that_acts,
    "starts a program": partial(pdf_that_acts, "Launch"),
    "sends a form": partial(pdf_that_acts, "SubmitForm"),
    "scripts by name": partial(
        changed, partial(_at_root, "Names", {"/JavaScript": pikepdf.Dictionary()})
    ),
    "form that is a program": partial(changed, partial(_at_root, "AcroForm", {"/XFA": "x"})),
    "script behind 200,000 other parts": partial(changed, _behind_much),
    "opens an address after 200,000 other acts": partial(changed, _after_much),
    "film": partial(changed, _film),
    "picture of 400 million pixels": partial(changed, _huge_picture),
    "500 MB in one megabyte": partial(changed, partial(_packed, 1)),
    "500 MB packed twice": partial(changed, partial(_packed, 2)),
    "forms within forms": partial(changed, _forms_in_forms),
    "page of a million lines": partial(changed, partial(_packed, 1, megabytes=30)),
}


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    """A picture of one colour."""
    output = io.BytesIO()
    Image.new("RGB", size, (10, 60, 120)).save(output, kind)
    return output.getvalue()
