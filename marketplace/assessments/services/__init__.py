"""Acts on cycles, assessments, removal cases and plans; each locks its record first."""
