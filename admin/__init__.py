"""The back office: reference tables and operations for operators, on Flask-Admin."""
