"""What the table docs/security/asvs.csv says of the product, seen in what it answers."""
