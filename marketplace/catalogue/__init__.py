"""The listed items, approval items, regions, calendar and rulebook; knows no organisation."""
