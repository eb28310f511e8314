"""The notice board: what becomes public, with a permanent address."""
