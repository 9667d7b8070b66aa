"""Laws: arrays in, arrays and dataclasses out; they know no series."""
