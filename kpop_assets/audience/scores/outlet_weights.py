"""What an outlet's reviews weigh, as the data files say.

Belongs here: reading `outlet_weights.toml` of the package and of the data folder. Does not belong
here: the weights, or what is made of them (metascore.py).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from kpop_assets.errors import KpopError

_NAME = "outlet_weights.toml"


class OutletWeightsError(KpopError):
    """The data folder's file of weights cannot be read; the message says where."""


@dataclass(frozen=True)
class OutletWeights:
    """Weights of outlets.

    Attributes:
        usual: of one that is not listed.
        outlets: by name in small letters.
    """

    usual: float
    outlets: dict[str, float]


def read_outlet_weights(home: Path) -> OutletWeights:
    """The package's weights, with those of the data folder in their place where it has any.

    Raises:
        OutletWeightsError: the folder's file is no TOML, or a weight is no number of 0 or more.
    """
    found = _read(Path(__file__).with_name(_NAME))
    own = home / _NAME
    if not own.exists():
        return found
    added = _read(own)
    return OutletWeights(added.usual, {**found.outlets, **added.outlets})


def _read(path: Path) -> OutletWeights:
    way_out = "correct it, or move it away: the product's own weights count then"
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise OutletWeightsError(f"{path.name} is no TOML: {error}", way_out) from error
    usual, outlets = said.get("usual", 1.0), said.get("outlets", {})
    if not isinstance(outlets, dict):
        raise OutletWeightsError(f"{path.name}: [outlets] is no table of names", way_out)
    for name, weight in {"usual": usual, **outlets}.items():
        is_number = isinstance(weight, int | float) and not isinstance(weight, bool)
        if not (is_number and 0 <= weight < float("inf")):
            raise OutletWeightsError(
                f"{path.name}: the weight of {name} is {weight!r}, and no number from 0 on", way_out
            )
    named = {name.strip().lower(): float(weight) for name, weight in outlets.items()}
    return OutletWeights(float(usual), named)
