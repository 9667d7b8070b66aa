"""How well a minimum is known, and what the data do not show."""
