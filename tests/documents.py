"""Small documents that tests upload: sound ones and ones that must be refused."""

import io

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


def pdf_with_attachment() -> bytes:
    """A PDF that carries another file."""
    with pikepdf.open(io.BytesIO(pdf())) as document:
        document.attachments["inner.txt"] = b"inside"
        output = io.BytesIO()
        document.save(output)
        return output.getvalue()


def locked_pdf(password: str = "") -> bytes:
    """A PDF with restrictions, and with a password to open it where one is given."""
    with pikepdf.open(io.BytesIO(pdf())) as document:
        output = io.BytesIO()
        document.save(output, encryption=pikepdf.Encryption(owner="owner", user=password))
        return output.getvalue()


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    """A picture of one colour."""
    output = io.BytesIO()
    Image.new("RGB", size, (10, 60, 120)).save(output, kind)
    return output.getvalue()
