"""Pages of projects: the enterprise's own, adding one, and the list of a region."""
