"""What the current crosses, which probes see it, which parameters are one."""

from eisfit.cell.find import resolve_template, shipped, template
from eisfit.cell.segments import Check, Configuration, Segment, Setting
from eisfit.cell.templates import Template

__all__ = [
    "Check",
    "Configuration",
    "Segment",
    "Setting",
    "Template",
    "resolve_template",
    "shipped",
    "template",
]
