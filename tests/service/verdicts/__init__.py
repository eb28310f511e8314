"""What approving departments say of deliverables: taken in once, in any order, and what it does."""
