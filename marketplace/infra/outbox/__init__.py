"""Events and their delivery: appended in the same commit as the change, delivered after it."""
