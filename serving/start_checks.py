"""What must hold before the API starts any process: else one line says why it does not.

Belongs here: asking once what each worker will build for itself, before there is any. Does not
belong here: how it is built (each room).

A worker that cannot start is replaced for ever, each time with a trace.
"""

from __future__ import annotations

from kpop_assets.settings import SettingsError, load_settings
from serving.answers.answer_cache import redis_client
from serving.entrance.rate_limits import limits_of


def check_start() -> None:
    """Look whether what the environment configures can be used.

    Raises:
        KpopError: it cannot.
    """
    settings = load_settings()
    limits_of(settings)
    if settings.redis_url:
        redis_client(settings.redis_url)
    if (folder := settings.metrics_folder) is not None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            what = f"PROMETHEUS_MULTIPROC_DIR={folder} cannot be used: {error.strerror}"
            raise SettingsError(what, "name a folder, or unset it") from error
