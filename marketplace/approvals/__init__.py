"""The approval platform, both directions: what we ask it, what it tells us, what we tell it."""
