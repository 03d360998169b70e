"""The kind `exposures`: a unit of an experiment met its variant, and the table of such lines.

Belongs here: what makes such a line usable and what its columns mean. Does not belong here: plans
and what came of it (experiments.py), or which variant a unit gets (experiments/).
"""

from __future__ import annotations

from kpop_assets.contracts.bronze import LANDING_FILE
from kpop_assets.contracts.record import Field, Record, files_of, quarantine_of
from kpop_assets.contracts.table import INGEST_DATE, Column, Table

EXPERIMENT = Column("experiment", "string", "Name of the experiment, as its plan's file has it.")
VARIANT = Column("variant", "string", "One of the plan's; `control` is always among them.")

EXPOSURES = Table(
    "bronze",
    "exposures",
    "One unit of an experiment that met its variant on a day: a landing line, parsed and typed. Of "
    "lines with the same (experiment, unit_id, variant) of a day the first by file and line is "
    "kept.",
    ("ingest_date", "experiment", "unit_id", "variant"),
    (
        INGEST_DATE,
        EXPERIMENT,
        Column("unit_id", "string", "Keyed hash of who is assigned: a listener.", is_person=True),
        VARIANT,
        Column("exposed_at", "timestamp", "When the unit met it.", "UTC"),
        Column("source", "string", "Collector or importer; `demo` is simulated data.", "", True),
        LANDING_FILE,
        Column("line_number", "int", "Line in the file, from 1."),
    ),
    rhythm="occasional",
)

EXPOSURE_LINES = Record(
    fields=(
        Field("experiment", "text", required=True),
        Field("variant", "text", required=True),
        Field("unit_id", "text", required=True, is_person=True),
        Field("exposed_at", "instant", required=True),
        Field("source", "text"),
    ),
    observed="exposed_at",
    rows=EXPOSURES,
    quarantine=quarantine_of(EXPOSURES),
    files=files_of(EXPOSURES),
)
