"""What clients say of finished work, the replies, and measured facts beside it."""
