"""How many small faults in rules, policies and services the unit and service tests would see."""
