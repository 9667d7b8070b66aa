"""Where the batches of the solver run: `run` of a backend steps the rows of a task to their ends."""
