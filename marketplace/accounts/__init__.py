"""People, organisations and their capacities, memberships, sign-in, second factor."""
