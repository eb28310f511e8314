"""What catalogue plugs into the application."""

from marketplace.catalogue import api, handlers, views, wording
from marketplace.catalogue.forms import KINDS, LEVELS, REGIONS, SPECIALTIES, item_name, region_text
from marketplace.catalogue.news import NEWS
from marketplace.web.feature import Feature, fill
from marketplace.web.listing import NAMES
from marketplace.web.stating import CHOICES

FEATURE = Feature(
    news=NEWS,
    blueprints=(views.bp,),
    apis=(api.blp,),
    words=wording,
    tasks={
        "import_catalogue": handlers.import_catalogue,
    },
    fills=(
        fill(
            CHOICES,
            region=REGIONS,
            qualification_kind=KINDS,
            qualification_level=LEVELS,
            qualification_specialty=SPECIALTIES,
        ),
        fill(NAMES, item=item_name, region=region_text),
    ),
)
