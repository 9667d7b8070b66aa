"""Parts that the figures share: axes, colours, ticks, legends."""
