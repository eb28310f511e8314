"""Association review: competence for items, cases, findings, decision."""
