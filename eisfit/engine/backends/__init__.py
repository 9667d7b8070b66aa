"""Where the batches of the solver run."""
