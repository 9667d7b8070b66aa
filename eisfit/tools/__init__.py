"""What has nothing to do with impedance."""
