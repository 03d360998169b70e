"""The HTTP API: one application of several rooms, each with its routes.

Belongs here: assembly alone. Does not belong here: a route (its room), or how the server starts
(__main__.py).
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from functools import partial

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from kpop_assets.settings import Settings, load_settings
from serving import docs_page, readiness
from serving.answers.answer_routes import answers_router
from serving.answers.answers import Answers
from serving.ended_threads import EndedThreads
from serving.entrance.api_keys import ApiKeys
from serving.entrance.entrance import Entrance
from serving.entrance.rate_limits import limits_of
from serving.finding.find_routes import finding_router
from serving.intake.intake import Intake
from serving.intake.intake_routes import intake_router
from serving.lists.list_answers import ListAnswers
from serving.lists.list_routes import list_router
from serving.metrics import exposition
from serving.metrics.meters import Meters
from serving.metrics.request_counter import RequestCounter
from serving.openapi_document import describe
from serving.problems import add_problems
from serving.readiness import Readiness, tables_trouble
from serving.trials.exposure_checks import unplanned
from serving.trials.trial_routes import trials_router
from serving.trials.trials import Trials

TITLE, VERSION = "K-POP popularity", "1"


def app_of_environment() -> FastAPI:
    """The application that the environment configures; a worker process makes its own."""
    return create_app(load_settings(), end_this_process)


def end_this_process() -> None:
    """Ask this process to end as it would be asked from outside; its supervisor begins another."""
    os.kill(os.getpid(), signal.SIGTERM)


def create_app(settings: Settings, end: Callable[[], None] | None = None) -> FastAPI:
    """The application of a data folder.

    Args:
        settings: where the data is, and what else was configured.
        end: asks the process to end where a part of it did; None where none begins in its place.
    """
    meters = Meters(settings.metrics_folder)
    ended = EndedThreads(meters.thread_ended, end)
    # Pages of documentation that load from elsewhere are none of this server's.
    app = FastAPI(
        title=TITLE,
        version=VERSION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=ended.noticed,
    )
    app.state.settings = settings
    app.state.readiness = Readiness()
    app.state.readiness.ask("tables", lambda: tables_trouble(settings))
    app.state.readiness.ask("threads", ended.trouble)
    add_problems(app)
    app.state.meters = meters
    app.include_router(exposition.router)
    app.include_router(readiness.router)
    app.include_router(docs_page.router)
    trials = app.state.trials = Trials(settings.home)
    intake = app.state.intake = Intake(settings, meters)
    app.include_router(intake_router(intake, partial(unplanned, trials, intake.ids)))
    app.include_router(trials_router(trials, intake.ids))
    answers = app.state.answers = Answers(
        settings, meters, intake.ids, intake.recommendations, trials, intake.exposures
    )
    app.state.readiness.ask("listeners", intake.ids_trouble)
    app.state.readiness.ask("recommender", answers.bundles.trouble)
    app.state.readiness.tell("recommender", answers.bundles.note)
    intake.on_plays.append(answers.take_plays)
    is_public = not settings.api_callers
    app.include_router(answers_router(answers, is_public))
    opened = answers.bundles
    app.include_router(finding_router(answers.acts, lambda: opened.now().bundle, is_public))
    # Last: `/v1/artists/{name}` takes whatever no other room answers.
    app.include_router(list_router(ListAnswers(settings), is_public))
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(Entrance, keys=_keys(settings), limits=limits_of(settings))
    # The layer that is added last is the outermost: it counts what the others refuse, too.
    app.add_middleware(RequestCounter, meters=app.state.meters)
    app.openapi = partial(describe, app)  # type: ignore[method-assign]
    return app


def _keys(settings: Settings) -> ApiKeys:
    return ApiKeys([each for each in settings.api_callers.split(",") if each])
