"""What becomes of an award whose contract nobody concluded in time: the supervisor rules."""
