"""Pure rules of the catalogue: the reference tables, and what an item asks for."""
