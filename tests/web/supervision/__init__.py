"""The board of lights."""
