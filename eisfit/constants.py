"""Constants of nature and of the toolkit, each with its source."""

BOLTZMANN_EV_PER_K = 8.617333262e-5  # k / e; CODATA 2018, exact in SI 2019 to the digits given
ZERO_CELSIUS_K = 273.15  # definition of the Celsius scale, BIPM SI brochure, 9th edition
VACUUM_PERMITTIVITY_F_PER_M = 8.8541878128e-12  # CODATA 2018
KJ_PER_MOL_PER_EV = (
    96.48533212  # Faraday constant in kC/mol; CODATA 2018, exact in SI 2019 to the digits given
)
