"""What the applicant of the journey states, with papers that can be opened."""

import io
import secrets
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

import pikepdf

from marketplace.demo import coining
from marketplace.demo.papers import paper

# Characters whose pairs make names that nobody has.
_COINED = "霁枫泉澄汐渚沐澜皋岚樾岭砚桐苑朔垚川檀楹畹翊彧旌瑾珩琮璟钰锴"


@dataclass
class Applicant:
    """An institution that does not exist; each run makes another one."""

    seed: int = field(default_factory=lambda: secrets.randbelow(500_000))

    def __post_init__(self) -> None:
        random = Random(self.seed)
        self.fragment = "".join(random.sample(_COINED, 3))
        self.name = f"长春{self.fragment}工程咨询有限公司"
        self.credit_code = coining.credit_code("91", 500_000 + self.seed)
        self.email = f"agent-{self.seed}@journey.example"
        self.mobile = f"199 0{self.seed % 1000:03d} {self.seed // 1000:04d}"
        self.password = "四匹马 purple staple 20"
        self.person = "周予安"
        self.certificate_number = f"ZX{self.seed:06d}"
        self.profile = f"从事投资项目的评估和咨询，编号{self.seed}，现有专职咨询工程师二十三人。"

    def id_number(self, serial: int) -> str:
        """A valid identity number in a region that does not exist."""
        return coining.id_number(
            date(1980, 1, 1) + timedelta(days=serial), self.seed % 900 + serial
        )

    def scan(self, title: str, *lines: str, pages: int = 1) -> bytes:
        """A paper of this institution, of one page or several."""
        page = paper("", title, (self.name, *lines), (self.certificate_number,)).data
        with pikepdf.new() as whole, pikepdf.open(io.BytesIO(page)) as one:
            for _page in range(pages):
                whole.pages.extend(one.pages)
            output = io.BytesIO()
            whole.save(output)
            return output.getvalue()


def wrong(credit_code: str) -> str:
    """The same code with its last character mistyped."""
    return credit_code[:-1] + ("0" if credit_code[-1] != "0" else "1")
