"""Lists about the service itself: what answers were like, and whether inputs moved.

Belongs here: entries over the viewer's queries of serving; none has a row about one listener. Does
not belong here: metrics of a server that runs (serving/metrics/).
"""

from __future__ import annotations

from app.queries.service import answers, experiments, policies
from kpop_assets.contracts.experiments import EXPERIMENT_RESULTS
from kpop_assets.contracts.recommend_service import ANSWER_DAYS, INPUT_DRIFT, OUTCOME_DAYS
from kpop_assets.contracts.rising_slot import POLICY_ESTIMATES
from serving.lists.entries import ListEntry, columns_of

SERVICE_LISTS = (
    ListEntry(
        "/v1/service/days",
        "Answers to what to hear next by day and variant, four weeks",
        (answers.read_answer_days,),
        lambda lake, asked: answers.read_answer_days(lake, asked.day),
        ("ingest_date", *columns_of(ANSWER_DAYS)),
        days="newest",
    ),
    ListEntry(
        "/v1/service/outcomes",
        "What came of the answers of the day before, by day and variant, four weeks",
        (answers.read_outcome_days,),
        lambda lake, asked: answers.read_outcome_days(lake, asked.day),
        ("ingest_date", *columns_of(OUTCOME_DAYS)),
        days="newest",
    ),
    ListEntry(
        "/v1/service/drift",
        "Whether what recommendations rest on is as in the weeks before, four weeks",
        (answers.read_drift,),
        lambda lake, asked: answers.read_drift(lake, asked.day),
        ("ingest_date", *columns_of(INPUT_DRIFT)),
        days="newest",
    ),
    ListEntry(
        "/v1/service/experiments",
        "What came of each experiment by its newest day: a row a metric and variant",
        (experiments.list_results,),
        lambda lake, asked: experiments.list_results(lake, asked.day),
        ("ingest_date", *columns_of(EXPERIMENT_RESULTS)),
        days="newest",
    ),
    ListEntry(
        "/v1/service/policies",
        "What each policy of the slot for a rising act would have earned, four weeks",
        (policies.read_policies,),
        lambda lake, asked: policies.read_policies(lake, asked.day),
        ("ingest_date", *columns_of(POLICY_ESTIMATES)),
        days="newest",
    ),
)
