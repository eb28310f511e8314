"""Tables of institutions: the dossier in dated versions, and the institution in the market."""
