"""The contract of an engagement: put forward by one side, confirmed by both, amended by both."""
