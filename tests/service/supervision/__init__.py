"""The board of lights as the database tells it."""
