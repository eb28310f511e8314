"""The page of a project and its parts, one module for each feature that has something to say."""
