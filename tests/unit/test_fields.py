"""Fields understand what people write, or say that they do not."""

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form

from marketplace.kernel import project_code, uscc
from marketplace.web.fields import DateField, MoneyField, NumberField, PercentField
from tests.tables import rows


class _Form(Form):
    day = DateField()
    end = DateField(endless=True)
    number = NumberField()
    amount = MoneyField()
    share = PercentField()


def _read(name: str, typed: str) -> str:
    form = _Form(MultiDict({name: typed}))
    form.validate()
    field = form[name]
    assert field.data == typed
    return "" if field.errors else str(field.parsed)


@pytest.fixture(autouse=True)
def _in_a_request(app):
    with app.test_request_context():
        yield


@pytest.mark.parametrize(("typed", "day"), rows("input/dates"))
def test_a_day_is_read_as_it_is_meant_or_not_at_all(typed, day):
    assert _read("day", typed) == day


@pytest.mark.parametrize(("typed", "day"), rows("input/ends"))
def test_an_end_may_be_none(typed, day):
    assert _read("end", typed) == day.replace("none", "None")


@pytest.mark.parametrize(("typed", "number"), rows("input/counts"))
def test_a_number_is_read_as_it_is_meant_or_not_at_all(typed, number):
    assert _read("number", typed) == number


@pytest.mark.parametrize(("typed", "fen"), rows("input/amounts"))
def test_an_amount_of_a_form_is_that_of_the_table(typed, fen):
    assert _read("amount", typed) == (fen if fen.isdigit() else "")


@pytest.mark.parametrize(("typed", "millionths"), rows("input/rates"))
def test_a_rate_of_a_form_is_that_of_the_table_and_above_nothing(typed, millionths):
    readable = millionths.isdigit() and millionths != "0"
    assert _read("share", typed) == (millionths if readable else "")


@pytest.mark.parametrize(
    "typed",
    [
        "９１２２０１０１ＭＡ０Ｙ３Ｋ１Ｒ２Ｂ",
        "91220101 MA0Y-3K1R2B",
        "\u202d91220101ma0y3k1r2b\u202c",
    ],
)
def test_a_credit_code_is_one_code_however_it_is_written(typed):
    assert uscc.normalise(typed) == "91220101MA0Y3K1R2B"


@pytest.mark.parametrize("typed", ["91²2", "91٢٢0101MA0Y3K1R2", "", "九一二二"])
def test_what_is_no_credit_code_has_not_its_shape(typed):
    assert not uscc.has_shape(uscc.normalise(typed))


@pytest.mark.parametrize(
    "typed",
    [
        "2106—220102—04—01—100011",
        "２１０６２２０１０２０４０１１０００１１",
        "2106_220102_04_01_100011",
    ],
)
def test_a_project_code_is_one_code_however_it_is_written(typed):
    assert project_code.normalise(typed) == "2106-220102-04-01-100011"
