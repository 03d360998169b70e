"""Lists about what people say: scores of subjects, and what guards made of reviews.

Belongs here: entries over the viewer's queries of the audience; none has a row about one review,
and none says who wrote one. Does not belong here: how anything is scored (kpop_assets/audience/).
"""

from __future__ import annotations

from app.queries.audience import guards
from serving.lists.entries import ListEntry

AUDIENCE_LISTS = (
    ListEntry(
        "/v1/audience/campaigns",
        "Bursts of four weeks that hold a campaign, by the weight that they lost",
        (guards.list_campaigns,),
        lambda lake, asked: guards.list_campaigns(lake, asked.day),
        (
            *("subject_kind", "subject", "artist", "pole", "began_at", "ended_at"),
            *("review_count", "weight_sum", "down_weighted_count", "guard_reasons"),
            *("net_sentiment", "plain_net_sentiment", "is_simulated"),
        ),
        days="newest",
    ),
    ListEntry(
        "/v1/audience/guard-reasons",
        "How many reviews of four weeks weigh less, by reason",
        (guards.count_guard_reasons,),
        lambda lake, asked: guards.count_guard_reasons(lake, asked.day),
        ("reason", "review_count"),
        days="newest",
    ),
)
