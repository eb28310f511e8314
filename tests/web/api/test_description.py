"""The description of the interface, for programs and as a page."""

import re

from jsonschema_rs import is_valid

from marketplace.web.api_problems import REFUSALS


def test_the_description_names_every_operation_with_words_and_answers(client):
    spec = client.get("/api/v1/openapi.json").json

    assert spec["openapi"] == "3.1.0"
    operations = {
        (method, path): found
        for path, methods in spec["paths"].items()
        for method, found in methods.items()
        if method != "parameters"
    }
    assert len(operations) >= 10
    for (_method, path), found in operations.items():
        assert found["summary"], path
        assert {"400", "401", "422", "429", "500"} <= set(found["responses"]), path
        assert found["security"], path
        if "{" in path:
            assert "404" in found["responses"], path


def test_the_description_comes_in_both_languages_and_may_be_kept(client):
    chinese = client.get("/api/v1/openapi.json", headers={"Accept-Language": "zh"})
    english = client.get("/api/v1/openapi.json", headers={"Accept-Language": "en"})

    assert english.json["paths"]["/api/v1/items"]["get"]["summary"].startswith("The listed")
    assert chinese.json["paths"].keys() == english.json["paths"].keys()
    kept = client.get(
        "/api/v1/openapi.json",
        headers={"Accept-Language": "en", "If-None-Match": english.headers["ETag"]},
    )
    assert kept.status_code == 304


def schemas(part):
    """Every schema within the description."""
    if isinstance(part, dict):
        if "type" in part and not isinstance(part["type"], dict):
            yield part
        for inner in part.values():
            yield from schemas(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from schemas(inner)


def test_no_default_and_no_example_breaks_its_own_schema(client):
    spec = client.get("/api/v1/openapi.json").json
    named = [
        (schema, value)
        for schema in schemas(spec)
        for value in (
            *schema.get("examples", ()),
            *([schema["default"]] if "default" in schema else ()),
        )
    ]
    broken = [(schema, value) for schema, value in named if not is_valid(schema, value)]

    assert len(named) > 3
    assert broken == []


def test_the_page_shows_every_operation_and_every_code_and_nothing_foreign(client):
    page = client.get("/api/docs?lang=en").text
    spec = client.get("/api/v1/openapi.json").json

    for path, methods in spec["paths"].items():
        for method in methods:
            if method != "parameters":
                assert f"{method.upper()} {path}" in page
    for code in REFUSALS:
        assert f'id="{code}"' in page
    assert not re.findall(r'(?:src|href)="https?://', page)


def test_the_page_leads_administrators_to_their_tokens(client):
    from tests.personas import Persona, sign_in

    assert "/my/api-tokens" not in client.get("/api/docs").text
    sign_in(client, Persona.ENTERPRISE_AGENT)
    assert "/my/api-tokens" in client.get("/api/docs").text
