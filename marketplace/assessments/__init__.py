"""The annual assessment of institutions, removal, rectification and re-admission."""
