"""Pages of what went wrong: what happened, what to do, and the number to report."""

import html

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient

from marketplace.kernel.errors import NotFound, Refused

FAULT = "系统出现故障"
REPORT = "如再次出现，请报告故障并提供下面的编号。"


@pytest.fixture
def ask(app: Flask, client: FlaskClient):
    """Opens a page on which the given error is met."""

    def asks(error: int | Exception):
        def meet() -> str:
            if isinstance(error, int):
                abort(error)
            raise error

        app.add_url_rule("/meets", "meets", meet)
        return client.get("/meets")

    return asks


@pytest.mark.parametrize(
    ("error", "status", "step"),
    [
        (400, 400, "请返回后重试。"),
        (418, 418, "请返回后重试。"),
        (403, 403, "请向本单位管理员申请所需的角色。"),
        (404, 404, "请核对网址。"),
        (NotFound(), 404, "请核对网址。"),
        (405, 405, "请返回，使用页面上的按钮操作。"),
        (Refused("request.twice"), 409, "请返回并刷新页面，查看当前状态。"),
        (413, 413, "请压缩文件（例如按 200 dpi 重新扫描）后再次选择。"),
        (429, 429, "请稍等一分钟再试。"),
        (RuntimeError("secret detail"), 500, REPORT),
    ],
)
def test_the_page_says_what_to_do_and_the_number_of_the_request(ask, error, status, step):
    answer = ask(error)
    text = html.unescape(answer.text)

    assert answer.status_code == status
    assert f"<li>{step}</li>" in text
    assert f'<span class="code">{status}</span>' in text
    assert f'<span class="code">{answer.headers["X-Request-ID"]}</span>' in text
    assert (FAULT in text) == (status == 500)
    assert "secret" not in text
