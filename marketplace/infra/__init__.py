"""What the features stand on: database, unit of work, outbox, files, mail, logs."""
