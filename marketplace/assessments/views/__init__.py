"""Pages of assessments, removals and rectification."""
