"""The intermediary supermarket: one open, province-wide market for intermediary services."""
