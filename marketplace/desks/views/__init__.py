"""The pages that gather from many features: the desk, and the page of a project."""
