"""Models of sentiment: which family answers for each language, and what each is worth.

Belongs here: the sentences and the tables. Does not belong here: what is read
(queries/audience/mood_models.py), or a figure's computation (kpop_assets/audience/).
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from app import frame, tables
from app.cache import ask
from app.frame import View, t, word
from app.queries.audience import mood_models as queries
from kpop_assets.contracts.audience_rules import LEAST_RATED_TEXTS

_FIGURES = (
    *("mood_family", "is_answering", "is_on_front", "end_accuracy", "end_accuracy_low"),
    *("end_accuracy_high", "end_f1", "end_ece", "mood_f1", "latency_ms", "size_mb"),
)


def show(view: View) -> None:
    """Draw the page."""
    st.markdown(t("mood_models.lead"))
    trainings = ask(view.snapshot, queries.list_mood_trainings, view.chosen)
    for row in trainings.iter_rows(named=True):
        _say_training(row)
    if trainings["is_simulated"].any():
        st.caption(t("mood_models.simulated"))
    compared = ask(view.snapshot, queries.compare_mood_models, view.chosen)
    for (lang,), rows in compared.group_by("lang", maintain_order=True):
        st.subheader(word(f"mood_models.lang_{lang}"))
        shown = rows.select(_FIGURES)
        tables.show_table(shown, f"mood_models_{lang}", saved=rows)
    st.caption(t("mood_models.about"))


def _say_training(row: dict[str, Any]) -> None:
    said = {
        "spoken": word(f"mood_models.lang_{row['lang']}"),
        "day": row["ingest_date"].isoformat(),
        "texts": tables.number("count", row["text_count"]),
        "subjects": tables.number("count", row["subject_count"]),
        "family": row["mood_family"] or "",
        "good": tables.number("count", row["positive_count"]),
        "bad": tables.number("count", row["negative_count"]),
    }
    if row["refusal"] is not None:
        # The table says it in English alone.
        fewest = min(row["positive_count"], row["negative_count"])
        missing = "texts" if fewest < LEAST_RATED_TEXTS else "subjects"
        st.info(t(f"mood_models.refused_{missing}", **said), icon=":material/block:")
    else:
        st.markdown(t("mood_models.trained", **said))


if __name__ == "__main__":
    frame.run_page(show)
