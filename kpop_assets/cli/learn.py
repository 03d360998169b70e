"""The command that learns from what was shown: update.

Belongs here: its arguments and how its answer is printed. Does not belong here: what is learnt
(rising_slot/).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kpop_assets.rising_slot.rising_update import RisingUpdate

Learns = Literal["rising-slot"]


def update(
    what: Annotated[Learns, typer.Argument(help="What is learnt: rising-slot.")],
) -> None:
    """Learn anew which rising acts listeners want, and what other policies would have earned."""
    from kpop_assets.contracts.rising_slot import POLICY_ESTIMATES
    from kpop_assets.days import seoul_now
    from kpop_assets.lake.reader import LakeReader
    from kpop_assets.rising_slot.rising_update import update_rising_slot
    from kpop_assets.settings import load_settings

    settings = load_settings()
    reader = LakeReader(settings.lake)
    print_rising_update(update_rising_slot(settings.home, reader, seoul_now()))
    if reader.exists(POLICY_ESTIMATES):
        print_policies(reader.newest_rows(POLICY_ESTIMATES))


def print_rising_update(done: RisingUpdate) -> None:
    """What an update did, in a line."""
    written = "learnt anew" if done.is_changed else "as it was"
    typer.echo(
        f"rising slot: {len(done.shows):,} shows of {len(done.state.acts)} acts, "
        f"up to {done.state.learnt_until}: {written}"
    )


def print_policies(rows: Sequence[dict[str, Any]]) -> None:
    """What each policy would have earned, by the doubly robust estimate, the most first.

    Args:
        rows: of one day of `rising_slot/policy_estimates`.
    """
    if rows:
        typer.echo(f"of what was shown in the week before {rows[0]['ingest_date']}:")
    for row in sorted(rows, key=lambda row: -row["dr_reward"]):
        ends = [row["dr_low"], row["dr_high"]]
        interval = "" if None in ends else f" ({ends[0]:.4f} to {ends[1]:.4f})"
        typer.echo(
            f"  {row['policy']:<16}would have earned {row['dr_reward']:.4f}{interval} a show, "
            f"in truth {row['shown_reward']:.4f}: {row['estimate_verdict']}"
        )
