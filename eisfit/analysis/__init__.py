"""Questions asked of finished fits: rivals, profile, bootstrap."""

from eisfit.analysis.likelihood_profile import Profile, profile
from eisfit.analysis.resampling import Bootstrap, bootstrap

__all__ = [
    "Bootstrap",
    "Profile",
    "bootstrap",
    "profile",
]
