"""The event trail: who did what, when and to what, for the audit administrator."""
