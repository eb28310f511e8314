"""What comes up while work is under way: one side notes it with evidence, the other answers."""
