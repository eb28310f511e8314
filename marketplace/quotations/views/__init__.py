"""Pages of quotation rounds: the client's side, and that of each institution asked."""
