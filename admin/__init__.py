"""The back office of the operator, on Flask-Admin: it reads everything, and writes by services."""
