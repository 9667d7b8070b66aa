"""Questions asked of finished fits: rivals, profile, bootstrap."""

from eisfit.analysis.common_profile import joint_profile
from eisfit.analysis.joint_resampling import joint_bootstrap
from eisfit.analysis.likelihood_profile import Profile, profile
from eisfit.analysis.resampling import Bootstrap, bootstrap
from eisfit.analysis.rivals import Comparison, Rival, compare

__all__ = [
    "Bootstrap",
    "Comparison",
    "Profile",
    "Rival",
    "bootstrap",
    "compare",
    "joint_bootstrap",
    "joint_profile",
    "profile",
]
