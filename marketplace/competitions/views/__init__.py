"""Pages of competitions: the public, institutions, departments."""
