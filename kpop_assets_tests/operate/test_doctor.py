"""The whole check-up: planted faults of the instance, width, exit code, and that it only looks."""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import replace

import dagster as dg
import pytest

from kpop_assets.cli.main import main
from kpop_assets.operate import doctor
from kpop_assets.operate.checkup.finding import Finding, has_problem
from kpop_assets.operate.instance import prepare_dagster_home
from kpop_assets.settings import Settings
from kpop_assets_tests.operate.checkup.kit import write_lake
from kpop_assets_tests.operate.kit import broken, instance
from kpop_assets_tests.unpublished import beat

# A fixture that tests name.
__all__ = ["instance"]

HOURS = dt.timedelta(hours=1)


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def test_a_daemon_that_never_ran_is_a_warning(instance: dg.DagsterInstance):
    assert doctor.check_daemon(instance, now()).state == "warning"


def test_a_daemon_that_fell_silent_is_a_problem_where_it_collects(
    instance: dg.DagsterInstance, settings: Settings
):
    beat(instance, now())
    assert doctor.check_daemon(instance, now()).state == "ok"
    finding = doctor.check_daemon(instance, now() + HOURS, has_key=True)
    assert finding.state == "problem"
    assert "silent since" in finding.text
    assert doctor.check_daemon(instance, now() + HOURS, has_key=False).state == "warning"
    later = now() + HOURS
    for key, state in (("", "warning"), ("a key", "problem")):
        keyed = replace(settings, youtube_key=key)
        assert next(iter(doctor.check_dagster(keyed, later))).state == state


def test_a_run_that_hangs_is_a_problem(instance: dg.DagsterInstance):
    run = instance.create_run_for_job(broken, status=dg.DagsterRunStatus.STARTED)
    assert doctor.check_runs(instance, now()).state == "ok"
    finding = doctor.check_runs(instance, now() + 4 * HOURS)
    assert finding.state == "problem"
    assert run.run_id[:8] in finding.text


def test_a_run_that_failed_today_is_a_warning(instance: dg.DagsterInstance):
    broken.execute_in_process(instance=instance, raise_on_error=False)
    assert "1 failed within a day" in doctor.check_runs(instance, now()).text
    assert doctor.check_runs(instance, now() + 25 * HOURS).state == "ok"


def test_runs_that_were_not_purged_are_a_warning(instance: dg.DagsterInstance):
    broken.execute_in_process(instance=instance, raise_on_error=False)
    assert doctor.check_upkeep(instance, now() + 96 * 24 * HOURS).state == "ok"
    assert doctor.check_upkeep(instance, now() + 98 * 24 * HOURS).state == "warning"


def test_an_instance_that_cannot_be_opened_is_a_problem(settings: Settings):
    assert [f.state for f in doctor.check_dagster(settings, now())] == ["warning"]
    home = prepare_dagster_home(settings)
    (home / "history").mkdir()
    (home / "history" / "runs.db").write_bytes(b"no database at all" * 100)
    findings = list(doctor.check_dagster(settings, now()))
    assert findings[-1].state == "problem"
    assert "cannot be opened" in findings[-1].text


def test_a_configuration_that_dagster_refuses_is_a_problem(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    """Of the version that is installed: what it names cannot be imported, or is not set."""
    prepare_dagster_home(settings)
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "kpop_assets.operate.event_log", None)
        assert [f.state for f in doctor.check_dagster(settings, now())] == ["problem"]
    monkeypatch.delenv("KPOP_DAGSTER_DB", raising=False)
    elsewhere = replace(settings, dagster_db="postgresql+psycopg2://kpop@127.0.0.1:1/dagster")
    prepare_dagster_home(elsewhere)
    assert [f.state for f in doctor.check_dagster(elsewhere, now())] == ["problem"]


@pytest.mark.parametrize(
    "change",
    [
        ("kpop_assets.operate.event_log", "kpop_assets.event_log"),
        ("event_log_storage", "nonsense"),
    ],
)
def test_a_configuration_of_an_earlier_version_is_brought_up_to_date_not_moved_away(
    settings: Settings, change: tuple[str, str]
):
    """The next run rewrites the file and reads the history on; moving it away would lose that."""
    file = prepare_dagster_home(settings) / "dagster.yaml"
    file.write_text(file.read_text().replace(*change))
    before = file.read_text()
    (finding,) = doctor.check_dagster(settings, now())
    assert (finding.state, "earlier version" in finding.text) == ("warning", True)
    assert "kpop run" in finding.advice and "move" not in finding.advice
    assert file.read_text() == before
    assert list(settings.dagster_home.iterdir()) == [file]
    prepare_dagster_home(settings)
    assert "earlier version" not in str(list(doctor.check_dagster(settings, now())))


def test_only_a_problem_is_a_problem():
    fine = [Finding("a", "ok", "x"), Finding("b", "warning", "x", "y")]
    assert not has_problem(fine)
    assert has_problem([*fine, Finding("c", "problem", "x", "y")])


def kpop_doctor(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> int:
    monkeypatch.setenv("KPOP_HOME", str(settings.home))
    monkeypatch.setenv("KPOP_ENGINE", settings.engine)
    monkeypatch.setenv("KPOP_SPARK_MASTER", settings.spark_master)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(sys, "argv", ["kpop", "doctor"])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def test_the_command_says_it_all_in_80_columns_and_touches_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    assert kpop_doctor(monkeypatch, settings) == 0
    out = capsys.readouterr().out
    for name in ("key", "quota", "notices", "disk", "engine", "tables", "clock", "daemon"):
        assert name in out
    assert max(map(len, out.splitlines())) <= 80
    assert not settings.home.exists()


def test_a_problem_is_exit_code_one(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    write_lake(settings.lake, day=dt.date(2099, 1, 1))
    assert kpop_doctor(monkeypatch, settings) == 1
    assert "2099-01-01" in capsys.readouterr().out


def test_no_secret_is_said(settings: Settings):
    secrets = {
        "youtube_key": "AIzaSy-s3cret",
        "notify_webhook": "https://h.example.org/s3cret",
        "notify_email": "a@example.org",
        "smtp_url": "smtp://me:s3cret@127.0.0.1:25",
    }
    findings = list(doctor.examine(replace(settings, **secrets), now()))  # type: ignore[arg-type]
    assert len(findings) > 10
    assert "s3cret" not in str(findings)
    assert all(finding.advice for finding in findings if finding.state == "problem")
