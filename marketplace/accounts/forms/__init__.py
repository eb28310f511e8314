"""Shape and wording of what people enter about accounts."""
