"""The control page, in plain HTML; only whoever demonstrates or tests the product sees it."""

from typing import Any

from markupsafe import Markup

from marketplace.simulator.store import Store

SHOWN = 50
_WORDS = {
    "fail": "失败：这一比例的应答出错（0–1）",
    "slow": "变慢：每次应答先等待若干秒（0–30）",
    "duplicate": "重复：这一比例的通知发送两次（0–1）",
    "reorder": "乱序：这一比例的相邻通知互换次序（0–1）",
    "down": "停机：接口一律不可用（0 或 1）",
    "gone": "关闭：里程碑接收地址答复 410（0 或 1）",
}
_PAGE = Markup(
    """<!doctype html>
<html lang="zh-Hans"><meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>审批平台模拟器</title>
<main>
<h1>审批平台模拟器</h1>
<p>这里的企业、项目和代码都是虚构的，用来演示和测试，与任何真实平台无关。</p>
<h2>开关</h2>
<form method="post" action="/control/switches">{switches}<p><button>保存开关</button></p></form>
<h2>项目</h2>
<form role="search"><p><label>代码、名称或企业
<input name="q" value="{asked}"></label> <button>查找</button></p></form>
<table><caption>{count} 个项目，最多显示 {shown} 个</caption>
<tr><th>代码<th>项目<th>企业<th>阶段<th>备注<th>推进</tr>{projects}</table>
<h2>对服务成果的审查结论</h2>
<form method="post" action="/control/verdict"><p>
<label>委托编号 <input name="number" size="16"></label>
<label>版本 <input name="version" value="1" inputmode="numeric" size="3"></label>
<label>结论 <select name="verdict"><option value="accepted">通过</option>
<option value="returned">退回</option></select></label>
<label>理由 <input name="reasons" size="40"></label>
<label>评分（1–5，可不填） <input name="score" inputmode="numeric" size="3"></label>
<label>评语 <input name="comment" size="30"></label>
<button>发送结论</button></p></form>
<h2>收到的里程碑</h2>
<p>共 {milestones} 条，重复收到 {repeated} 次。
<a href="/api/milestones/list">查看全部（JSON）</a></p>
<h2>发出的通知</h2>
<table><caption>最近 20 条</caption>
<tr><th>编号<th>次数<th>最后应答<th>完成</tr>{outgoing}</table>
</main></html>"""
)


def control(store: Store, asked: str) -> str:
    """The switches, the projects that match, what was received and sent."""
    found = [one for one in store.projects() if _matches(one, asked.strip())]
    received = store.milestones()
    return _PAGE.format(
        switches=Markup("").join(_switch(*one) for one in store.switches().items()),
        asked=asked,
        count=len(found),
        shown=SHOWN,
        projects=Markup("").join(_project(one) for one in found[:SHOWN]),
        milestones=len(received),
        repeated=sum(one["times"] - 1 for one in received),
        outgoing=Markup("").join(_message(one) for one in store.outgoing()),
    )


def _matches(project: dict[str, Any], asked: str) -> bool:
    texts = (project["code"], project["name"], project["enterprise"]["name"])
    return any(asked in text for text in texts)


def _switch(name: str, value: float) -> Markup:
    return Markup(
        '<p><label><input name="{0}" value="{1:g}" inputmode="decimal" size="4"> {2}</label></p>'
    ).format(name, value, _WORDS[name])


def _project(one: dict[str, Any]) -> Markup:
    remarks = [
        word
        for word, holds in (
            ("外商投资", one["foreign_invested"]),
            ("涉密", one["classified"]),
            ("已竣工", one["completed"]),
            ("已撤销", one["cancelled"]),
        )
        if holds
    ]
    return Markup(
        "<tr><td>{0}<td>{1}<td>{2}<td>{3}<td>{4}<td>"
        '<form method="post" action="/control/advance">'
        '<input type="hidden" name="code" value="{0}"><button>推进一步</button></form></tr>'
    ).format(one["code"], one["name"], one["enterprise"]["name"], one["stage"], "、".join(remarks))


def _message(one: dict[str, Any]) -> Markup:
    done = "是" if one["done"] else "否"
    return Markup("<tr><td>{}<td>{}<td>{}<td>{}</tr>").format(
        one["message_id"], one["attempts"], one["answer"], done
    )
