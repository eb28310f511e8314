"""The page of a project's critical path, and its picture."""
