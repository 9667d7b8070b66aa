"""The error tree: input that cannot be used raises one of these, and its sentence holds the cure."""


class EisfitError(Exception):
    """Base of all errors that eisfit raises on purpose."""


class InputError(EisfitError, ValueError):
    """A value, an option or a file that cannot be used as it is."""


class SpectrumError(InputError):
    """Numbers that are no impedance spectrum."""


class FormatError(InputError):
    """A file that cannot be read as an impedance file."""


class NoImpedance(FormatError):
    """A file that was understood and holds no impedance (an open-circuit run, a cycling run)."""


class CircuitError(InputError):
    """A circuit string that does not parse; the message points at the column."""


class TemplateError(InputError):
    """A template that does not exist or contradicts itself."""


class ManifestError(InputError):
    """A series.toml or CSV manifest that cannot be used."""


class FitError(InputError):
    """A fit that cannot be started, such as one with fewer points than parameters."""


class SeriesError(InputError):
    """A series or a line through it that cannot be formed."""


class StoreError(InputError):
    """A result file that cannot be written or read back."""


class SessionError(InputError):
    """A session that cannot be opened or written: it is damaged, open elsewhere, or of a newer version."""
