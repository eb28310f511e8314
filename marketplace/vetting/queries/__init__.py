"""What pages, services and other features read of vetting; never writes."""

from marketplace.vetting.queries.lists import case_row
from marketplace.vetting.queries.standings import competences, competent_association, open_change
