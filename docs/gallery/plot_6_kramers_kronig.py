"""
Kramers-Kronig before any fit
=============================

Whether the real and the imaginary part of a measured spectrum belong together can be seen without a circuit. Where they
do not, no circuit fits, and the spectrum should be measured again or cut.
"""

from pathlib import Path

from matplotlib.figure import Figure

import eisfit

(spectrum,) = eisfit.read(Path("../../sample_spectra/measured/exampleDataGamry.DTA"))
checked = eisfit.validity.check(spectrum)
for finding in checked.findings:
    print(finding.text)

# %%
# The nearest spectrum that obeys the Kramers-Kronig relations, and how far the measured one is from it:

test = checked.kramers_kronig
figure = Figure(figsize=(3.3, 2.4), layout="constrained")
ax = figure.subplots()
ax.axhline(0, color="black", linewidth=0.6)
for part, marker, label in ((test.residual.real, "o", "real"), (test.residual.imag, "s", "imaginary")):
    ax.semilogx(test.frequency_hz, 100 * part, marker, markersize=3, label=label)
ax.set(xlabel="frequency / Hz", ylabel="residual / % of |Z|")
ax.legend()
