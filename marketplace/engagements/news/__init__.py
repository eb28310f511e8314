"""How the events of engagements are told."""
