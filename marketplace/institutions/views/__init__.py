"""Pages on which an institution's agent prepares and keeps its dossier."""
