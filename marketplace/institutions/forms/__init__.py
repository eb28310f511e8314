"""Shape and wording of what institutions enter."""
