"""Pure: counting the days of the plan, and reckoning what comes last and why."""
