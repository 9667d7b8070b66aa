"""What the figures share: axes, colours, ticks, legends."""
