"""Pages of supervision: every red and yellow light by organisation, with pictures."""
