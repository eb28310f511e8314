"""Who does a work: the practitioners that the institution names, and where else they are named."""
