"""The global minimum, without a start."""
