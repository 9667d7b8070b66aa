"""The window in which cells are measured."""

import numpy as np

WINDOW_HZ = np.logspace(6, -1, 71)
