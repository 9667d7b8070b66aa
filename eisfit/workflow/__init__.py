"""From a described series to a folder of results."""
