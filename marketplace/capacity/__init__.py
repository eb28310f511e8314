"""How many works an institution takes for an item, and how many it has in hand."""
