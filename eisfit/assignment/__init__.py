"""Which arc belongs to which segment, decided for a series at once, with odds."""
