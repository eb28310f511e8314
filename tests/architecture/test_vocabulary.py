"""The Chinese words are those of the vocabulary, and their punctuation is Chinese everywhere."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping

import pytest

from bin._translate import read_catalogue
from tests.architecture.source import Source, application
from tests.architecture.test_templates import templates

# Words that the platform never says of itself; texts of laws and programmes are quoted elsewhere.
NEVER = (
    "转委托", "委托人", "股东", "招标", "投标", "中标", "流标",
    "废标", "标书", "评标", "摇号", "抽签", "甲方", "乙方",
    "订单", "挂牌", "服务商", "拉黑", "诚信档案", "上链", "关账",
    "在驻", "准入机构", "支付已审定", "以未选定结束", "双重验证", "动态码",
)  # fmt: skip
HAN = "[\u4e00-\u9fff]"
MARKUP = re.compile(r"<[^>]*>")
GIVEN = re.compile(r"%\(\w+\)[sd]")
ODD = (
    (re.compile(rf"{HAN}\s*[,:;()]|[,:;()]\s*{HAN}"), "half-width punctuation"),
    (re.compile(rf"{HAN}[\"']|[\"']{HAN}"), "a straight quote"),
    (re.compile(r"[\d\0]\s*天"), "days without their unit"),
    (re.compile("逾期(?!未)"), "late is 超期; 逾期 only in 逾期未……的"),
    (re.compile("可以这样做|可以操作|进行此操作"), "who may is said 只有……可以办理"),
    (re.compile(rf"{HAN}[a-zA-Z]{{2,}}|[a-zA-Z]{{2,}}{HAN}"), "no space beside letters"),
    (re.compile(rf"{HAN}\d+(?![\d年月日万亿号级])"), "no space before a number"),
)
# A day is a day, not an hour: before it is said with its end.
BEFORE_A_DAY = re.compile(r"%\((?:\w*day|last|due_on|\w+_by|\w+_until)\)s\s*前(?!一日)")
# A name in brackets or a colon between two outputs of a template, or two values of the code.
PRINTED = re.compile(r"\{\{.*?\}\}")
SILENT = re.compile(r"\{#.*?#\}|\{%.*?%\}", re.DOTALL)
JOINT = re.compile(r"\0\s*[,:;(]\s*\0")
SAYING = {"views", "forms", "wording", "news"}
# What a field shows is read again by the program, so its marks are those of the program.
READ_AGAIN = {"admin/rulebook.py"}


def said_never(words: Mapping[str, str]) -> list[str]:
    """Messages whose Chinese holds a word that the vocabulary forbids."""
    return [f"{word}: {text}" for text in words.values() for word in NEVER if word in text]


def oddly_written(words: Mapping[str, str]) -> list[str]:
    """Messages whose Chinese breaks a rule of writing, with the rule."""
    found = []
    for text in words.values():
        bare = GIVEN.sub("\0", MARKUP.sub("", text))
        found += [f"{rule}: {text}" for pattern, rule in ODD if pattern.search(bare)]
        if BEFORE_A_DAY.search(text):
            found.append(f"no hour: {text}")
    return found


def joined_in_templates(files: Iterable[tuple[str, str]]) -> list[str]:
    """Templates that put a half-width mark between two outputs; `_(": ")` says it right."""
    return [
        f"{name}: {line.strip()}"
        for name, text in files
        for line in SILENT.sub("", text).split("\n")
        if JOINT.search(MARKUP.sub("", PRINTED.sub("\0", line)))
    ]


def joined_in_code(sources: Iterable[Source]) -> list[str]:
    """The same in what the code says to people."""
    return [
        f"{source.path}:{line}"
        for source in sources
        if source.part in SAYING or source.feature == "admin"
        if source.path not in READ_AGAIN
        for line in _joints(source.tree)
    ]


def _joints(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(
                str(part.value) if isinstance(part, ast.Constant) else "\0" for part in node.values
            )
            if JOINT.search(text):
                yield node.lineno


def kept() -> dict[str, str]:
    """The Chinese words by their message."""
    return {str(each.id): str(each.string) for each in read_catalogue() if each.id}


def test_the_catalogue_says_no_word_that_the_vocabulary_forbids():
    assert said_never(kept()) == []


def test_the_catalogue_is_written_by_the_rules():
    assert oddly_written(kept()) == []


def test_no_template_puts_half_width_marks_between_words():
    pages = [one for one in templates() if not one[0].startswith("templates/style/")]
    assert joined_in_templates(pages) == []


def test_no_code_puts_half_width_marks_between_words():
    assert joined_in_code(application()) == []


@pytest.mark.parametrize("word", NEVER)
def test_each_forbidden_word_is_found(word):
    assert len(said_never({"x": f"请办理{word}手续。"})) >= 1


@pytest.mark.parametrize(
    "text",
    [
        "对象:公司",
        "甲, 乙",
        "机构(短称)",
        "请点击'保存'",
        '名称"机构"',
        "还有 3 天",
        "还有 %(days)s 天",
        "逾期申请失效。",
        "请于 %(day)s 前答复。",
        "只有委托方可以这样做。",
        "上传PDF",
        "全部18位字符",
    ],
)
def test_each_oddity_is_found(text):
    assert len(oddly_written({"x": text})) == 1


@pytest.mark.parametrize(
    "text",
    [
        "对象：公司",
        "还有 3 个工作日",
        "逾期未补正的，申请失效。",
        "请于 %(day)s 24:00 前答复。",
        "只有委托方可以办理。",
        "上传 PDF",
        "2026年度，A级 3 家，8万元",
        '<a href="%(url)s">查看</a>',
        "%(moment)s 开标",
    ],
)
def test_what_is_well_written_passes(text):
    assert oddly_written({"x": text}) == []


def test_half_width_marks_between_two_outputs_are_found():
    found = joined_in_templates(
        [("a.html", "<b>{{ a }}</b>: {{ b }}\n{{ a }}{{ _(': ') }}{{ b }}")]
    )
    assert found == ["a.html: <b>{{ a }}</b>: {{ b }}"]
    code = Source("marketplace/a/views/b.py", 'x = f"{a} ({b})"\ny = f"{a} {b}"\n')
    assert joined_in_code([code]) == ["marketplace/a/views/b.py:1"]
