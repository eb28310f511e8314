"""The pages of accounts: the way in, my account, colleagues, the operator's."""
