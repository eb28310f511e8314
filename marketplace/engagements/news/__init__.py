"""How the events of engagements are told."""

from marketplace.engagements.news import engagement, quoting

NEWS = (*engagement.NEWS, *quoting.NEWS)
