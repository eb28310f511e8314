"""What the invented institutions do for a living: items, certificates, people, prices."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CertificateKind:
    """A certificate a trade holds: kind and specialty of the catalogue, levels to choose from."""

    kind: str
    title: str
    levels: tuple[str, ...]
    specialty: str
    issuer: str
    years: int = 3


@dataclass(frozen=True)
class Trade:
    """A line of business. `items` come in the order in which such an institution applies."""

    key: str
    words: str
    items: tuple[str, ...]
    certificates: tuple[CertificateKind, ...]
    profession: str
    profile: str
    unit: str


def _consulting(specialty: str) -> CertificateKind:
    return CertificateKind(
        "engineering_consulting_credit",
        "工程咨询单位资信评价证书",
        ("甲级", "乙级"),
        specialty,
        "工程咨询资信评价示范委员会",
    )


# Those who write what others review: market services beside a listed item.
WRITES = "reports"

TRADES: dict[str, Trade] = {
    trade.key: trade
    for trade in (
        Trade(
            "consulting",
            "工程咨询",
            ("JL-Z01", "JL-Z02"),
            (_consulting("建筑"),),
            "注册咨询工程师（投资）",
            "从事投资项目评估、规划咨询和节能评审，设有项目评估、能源和技术经济三个专业室",
            "项",
        ),
        Trade(
            "water",
            "水利技术咨询",
            ("JL-Z05", "JL-Z04", "JL-Z06", "JL-Z01"),
            (_consulting("水利水电"),),
            "水利工程师",
            "从事水土保持、水资源论证和防洪评价报告的技术审查，熟悉松花江、辽河流域情况",
            "份",
        ),
        Trade(
            WRITES,
            "水资源论证",
            ("JL-S05", "JL-Z05"),
            (_consulting("水利水电"),),
            "水利工程师",
            "从事建设项目水资源论证报告书编制和技术审查",
            "份",
        ),
        Trade(
            "waterway",
            "航道工程咨询",
            ("JL-Z09", "JL-Z01"),
            (_consulting("水运"),),
            "航道工程师",
            "从事航道通航条件影响评价和内河港口项目咨询",
            "座",
        ),
        Trade(
            "environment",
            "环境技术评估",
            ("JL-Z03", "JL-Z02", "JL-Z04"),
            (
                CertificateKind(
                    "metrology_accreditation",
                    "检验检测机构资质认定证书",
                    ("",),
                    "",
                    "检验检测资质认定示范中心",
                    6,
                ),
            ),
            "环境影响评价工程师",
            "从事环境影响评价文件技术评估和节能评审，专家库覆盖生态、大气、水、固废等专业",
            "份",
        ),
        Trade(
            "seismic",
            "防震减灾技术",
            ("JL-Z07", "JL-Z12"),
            (),
            "岩土工程师",
            "从事地震安全性评价报告审查和超限高层建筑抗震设防技术服务",
            "项",
        ),
        Trade(
            "safety",
            "安全技术服务",
            ("JL-Z08", "JL-Z02"),
            (
                CertificateKind(
                    "safety_evaluation",
                    "安全评价机构资质证书",
                    ("",),
                    "石油加工业，化学原料、化学品及医药制造业",
                    "安全评价资质示范管理处",
                    5,
                ),
            ),
            "注册安全工程师",
            "从事危险化学品建设项目安全条件和安全设施设计技术审查",
            "项",
        ),
        Trade(
            "mineral",
            "地质矿产评估",
            ("JL-Z10", "JL-Z04"),
            (
                CertificateKind(
                    "surveying_mapping",
                    "测绘资质证书",
                    ("甲级", "乙级"),
                    "",
                    "测绘资质示范管理处",
                    5,
                ),
            ),
            "地质工程师",
            "从事建设项目压覆重要矿产资源评估报告评审和矿区水土保持咨询",
            "份",
        ),
        Trade(
            "forestry",
            "林业调查规划",
            ("JL-Z11", "JL-Z04"),
            (
                CertificateKind(
                    "forestry_survey_design",
                    "林业调查规划设计资质证书",
                    ("甲级", "乙级", "丙级"),
                    "",
                    "林业调查资质示范委员会",
                ),
            ),
            "林业工程师",
            "从事使用林地现场查验和林业调查规划设计，配备无人机和野外调查装备",
            "公顷",
        ),
        Trade(
            "drawing",
            "建筑图审",
            ("JL-Z13", "JL-Z12"),
            (
                CertificateKind(
                    "drawing_review",
                    "施工图审查机构认定书",
                    ("一类", "二类"),
                    "房屋建筑",
                    "施工图审查示范管理处",
                ),
            ),
            "一级注册结构工程师",
            "从事房屋建筑工程施工图设计文件审查和超限高层建筑抗震审查",
            "平方米",
        ),
        Trade(
            "lightning",
            "防雷检测技术",
            ("JL-Z15", "JL-Z14"),
            (
                CertificateKind(
                    "lightning_inspection",
                    "雷电防护装置检测资质证书",
                    ("甲级", "乙级"),
                    "",
                    "雷电防护资质示范管理处",
                    5,
                ),
            ),
            "雷电防护装置检测员",
            "从事新建、改建、扩建建筑物雷电防护装置设计技术评价和检测",
            "检测点",
        ),
    )
}
