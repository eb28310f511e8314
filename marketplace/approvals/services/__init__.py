"""The link to the approval platform: calling it, what it tells us, what it is told."""
