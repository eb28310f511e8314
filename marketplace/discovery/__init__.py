"""The directory search page; keeps the index in step through events."""
