"""The undertaking every institution signs, in its versions; the last one is to be signed now.

The wording is this project's own, after the duties of intermediary institutions in the plan
(吉政办发〔2018〕16号 三(二)); the Chinese text is the one that is signed and stored.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class UndertakingText:
    """One version: its points in Chinese, which is binding, and in English, which explains."""

    version: str
    points: tuple[str, ...]
    points_en: tuple[str, ...]

    @property
    def text(self) -> str:
        """The binding text as it is stored with a signature."""
        return "\n".join(f"{number}. {point}" for number, point in enumerate(self.points, 1))


UNDERTAKINGS = (
    UndertakingText(
        version="2026-1",
        points=(
            "所提交的材料真实、准确、完整，与原件一致；资料变化后及时更新。",
            "按照公开承诺的时限和收费标准提供服务，不擅自延长时限，不额外收费。",
            "由行政审批部门委托并付费的事项，不向投资企业收取任何费用。",
            "独立、客观、公正开展服务，对出具的成果负责，不出具虚假或者失实的成果。",
            "如实报告与行政审批部门及其所属单位的关系，与服务对象有利害关系时主动回避。",
            "保守在服务中知悉的国家秘密、商业秘密和个人信息。",
            "接受行业协会和主管部门的监督检查、年度考核和服务评价；违反承诺的，接受暂停、清退等处理。",
        ),
        points_en=(
            (
                "The papers submitted are true, accurate and complete and agree with the originals;"
                " they are kept up to date."
            ),
            (
                "Services are rendered within the published days and at the published prices,"
                " without extension or extra charge of our own making."
            ),
            (
                "Where an approval department commissions and pays, investment enterprises are not"
                " charged anything."
            ),
            (
                "We work independently, objectively and fairly, answer for our results, and issue"
                " no false or misleading result."
            ),
            (
                "We report our ties to approval departments and their bodies truthfully, and step"
                " aside where we have an interest in the client."
            ),
            "We keep the state secrets, business secrets and personal data we learn of.",
            (
                "We accept inspection, annual assessment and client ratings by the association and"
                " the authorities, and suspension or removal where we break this undertaking."
            ),
        ),
    ),
)

CURRENT_UNDERTAKING = UNDERTAKINGS[-1]
