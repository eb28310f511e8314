"""Rules and policies of accounts."""
