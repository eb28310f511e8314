"""Items, approval items, regions, calendar, rulebook: what the market is about; no organisation."""
