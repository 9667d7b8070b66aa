"""What may be said of a minimum: the rules of the reporting table."""
