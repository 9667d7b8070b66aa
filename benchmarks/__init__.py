"""Measurements of speed, memory and success; run one as ``python -m benchmarks.NAME -o results``."""
