"""Whether what answers listeners is whole.

Belongs here: the serving bundle. Does not belong here: the tables that it is made from (data.py).
"""

from __future__ import annotations

from kpop_assets.operate.checkup.finding import Finding
from kpop_assets.recommend.matrices.bundle_parts import BundleError, serving_folder
from kpop_assets.settings import Settings

_NAME = "recommender"


def check_bundle(settings: Settings) -> Finding:
    """The bundle that answers opens, every file as its hash says."""
    if not serving_folder(settings.home).is_dir():
        return Finding(_NAME, "ok", "none was trained yet")
    # SciPy takes longer to load than all other checks without a bundle.
    from kpop_assets.recommend.bundle.bundle_read import open_bundle

    try:
        bundle = open_bundle(settings.home, is_thorough=True)
    except BundleError as error:
        return Finding(_NAME, "problem", error.what, error.way_out)
    counts = bundle.manifest.counts
    served = f"{counts['listeners']:,} listeners, {counts['works']:,} works"
    return Finding(_NAME, "ok", f"{bundle.version} answers: {served}")
