"""What the index has yet to take over."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy.orm import Mapped, mapped_column

from marketplace.infra.database import Base


class IndexChange(Base):
    """A listing whose document must be written anew or removed; none: the whole index must."""

    BOOKKEEPING: ClassVar[bool] = True
    __tablename__ = "index_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int | None]
    noted_at: Mapped[datetime]
