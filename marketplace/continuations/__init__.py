"""What becomes of work whose project is not active any more: its client says so in time."""
