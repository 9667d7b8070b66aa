"""The spectra of one cell at once: the minimum, the names of its arcs, and what may be said of it."""
