"""Rounds of quotations: an enterprise asks institutions for offers before it picks one."""
