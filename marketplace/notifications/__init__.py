"""Who is told what, by which way; listens to everyone."""
