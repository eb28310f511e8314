"""The critical path of a project: whose days were used, what waits for what, what is gained."""
