"""The style guide: every pattern of the pages in all its states, with invented samples."""

from flask import Blueprint, current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    Form,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, InputRequired, Length, Optional, Regexp

from marketplace.kernel.actors import Role
from marketplace.kernel.errors import NotFound
from marketplace.web.context import current_actor
from marketplace.web.fields import CheckboxesField
from marketplace.web.style_samples import SAMPLES, clock_days

bp = Blueprint("style", __name__)


@bp.before_request
def keep_out_visitors() -> None:
    """In production the guide is for the operator's people; elsewhere for everybody."""
    operators = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
    if current_app.extensions["settings"].is_production and not current_actor().has(*operators):
        raise NotFound


@bp.get("/style")
def index() -> ResponseReturnValue:
    """Show the whole guide on one page."""
    return render_template(
        "style/index.html",
        empty=SampleForm(prefix="empty-"),
        wrong=wrong_form(),
        days=clock_days(),
        pages=[url_for("static", filename="img/sample-page.svg")] * 2,
        **SAMPLES,
    )


class SampleForm(Form):
    """One field of every kind."""

    name = StringField(
        "机构名称",
        [InputRequired("请填写机构名称。"), Length(max=80)],
        description="与营业执照上的名称完全一致。",
    )
    code = StringField(
        "统一社会信用代码",
        [Regexp(r"^[0-9A-HJ-NPQRTUWXY]{18}$", message="统一社会信用代码应为 18 位，请核对。")],
    )
    kind = SelectField(
        "机构类型",
        choices=[
            SelectChoice("", "请选择"),
            SelectChoice("company", "有限责任公司"),
            SelectChoice("partner", "合伙企业"),
        ],
    )
    region = RadioField(
        "服务范围",
        [InputRequired("请选择服务范围。")],
        choices=[SelectChoice("province", "全省"), SelectChoice("city", "仅所在市（州）")],
    )
    items = CheckboxesField(
        "申请入驻的事项",
        [Length(min=1, message="请至少选择一项。")],
        choices=[
            SelectChoice("JL-Z01", "可行性研究报告编制"),
            SelectChoice("JL-Z05", "环境影响评价文件编制"),
            SelectChoice("JL-Z08", "水土保持方案编制"),
        ],
    )
    valid_to = DateField("资质有效期至", [InputRequired("请填写有效期，例如 2028-06-30。")])
    price = StringField("收费标准", [InputRequired("请填写收费标准。")])
    website = StringField("网址", [Optional()])
    profile = TextAreaField("机构简介", [Length(max=200, message="简介不能超过 200 字。")])
    reason = TextAreaField("决定理由", [Optional()])
    scan = FileField("资质证书扫描件")
    password = PasswordField("登录密码", description="至少 12 个字符。")
    undertaking = BooleanField(
        "本机构承诺所填内容真实，并对其负责。", [AnyOf([True], message="请先阅读并勾选承诺。")]
    )


def wrong_form() -> SampleForm:
    """The form as it comes back when nearly everything is wrong."""
    typed = MultiDict(
        [
            ("wrong-name", ""),
            ("wrong-code", "9122990012345"),
            ("wrong-kind", "company"),
            ("wrong-valid_to", "明年六月"),
            ("wrong-price", ""),
            ("wrong-profile", "专业从事建设项目前期咨询服务。" * 15),
        ]
    )
    form = SampleForm(typed, prefix="wrong-")
    form.validate()
    form.valid_to.errors = ["这个日期看不懂，请写成 2028-06-30 的样子。"]
    form.scan.errors = ["这个文件不是 PDF，请重新扫描后上传。"]
    return form
