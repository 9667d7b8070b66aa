"""The command line: arguments to the workflow, and no science."""
