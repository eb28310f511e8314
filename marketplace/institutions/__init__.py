"""Registration, dossier, qualifications, practitioners, listings."""
