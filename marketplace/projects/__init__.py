"""Investment projects mirrored from the approval platform, and the claim on a project's item."""
