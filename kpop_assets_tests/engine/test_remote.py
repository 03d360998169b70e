"""Sessions that a server ends: opened anew where they are wanted, and never covered up.

With real servers in processes of their own, because PySpark has one session a process.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

# What a step does: it reads, it works in Python for longer than the server waits, it writes.
BOTH = """
import subprocess, sys, time
from pathlib import Path
from pyspark.sql import SparkSession
from kpop_assets.engine.session import Engine, open_session
from kpop_assets.lake.foreign import translated
from kpop_assets.lake.lake import Lake
from kpop_assets.settings import Settings
from kpop_assets_tests.lake.kit import MARKS, day, marks

def told(function):
    try:
        print("passed", function())
    except Exception as error:
        known = translated(error)  # As a step does.
        print(known.may_pass, str(known).removeprefix("table test/marks was not written: "))

def work_in_python():
    time.sleep(4)

def check(settings):
    lake = Lake(settings.lake, Engine(settings).session)
    first = lake.spark
    assert open_session(settings) is lake.spark is first
    lake.replace_range(MARKS, day(1), day(2), marks(first, [(1, "a", 1)]))
    held = lake.read(MARKS, day(1), day(2))
    with lake.staged(held) as staged:
        work_in_python()
        told(lambda: lake.replace_range(MARKS, day(1), day(2), held))
        assert lake.spark is not first
        assert SparkSession.active() is lake.spark
        for of_before in (held, staged):
            told(lambda: lake.replace_range(MARKS, day(1), day(2), of_before))
    again = lake.read(MARKS, day(1), day(2))
    told(lambda: lake.replace_range(MARKS, day(1), day(2), again).row_count)
    zone = lake.spark.conf.get("spark.sql.session.timeZone")
    print(zone, lake.spark.conf.get("spark.sql.ansi.enabled"))
    return lake
"""
EMBEDDED = """
check(Settings(home=Path(sys.argv[1])))
"""
CONNECT = """
SERVER = '''
import sys, time
from pysail.spark import SparkConnectServer
server = SparkConnectServer(ip="127.0.0.1", port=int(sys.argv[1]))
server.start(background=True)
print(server.listening_address[1], flush=True)
time.sleep(300)
'''

def serve(port=0):
    words = [sys.executable, "-c", SERVER, str(port)]
    server = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    return server, int(server.stdout.readline())

server, port = serve()
try:
    lake = check(Settings(Path(sys.argv[1]), "connect", connect_url=f"sc://127.0.0.1:{port}"))
    before = lake.spark
    server.kill(); server.wait()
    server, port = serve(port)
    print(lake.spark is before, lake.spark.conf.get("spark.sql.session.timeZone"))
    server.kill(); server.wait()
    started = time.monotonic()
    told(lambda: lake.spark)
    assert time.monotonic() - started < 10
finally:
    server.kill()
"""
# Frames of before are refused in one line, which says that another try may pass.
ENDED = "True the engine ended the session while it was idle: run again"


def said_by(code: str, home: Path) -> list[str]:
    """What a process says in which sessions end after two seconds."""
    # A zone that is not the engine's own, so that a session without our settings is seen.
    quick = {**os.environ, "SAIL_SPARK__SESSION_TIMEOUT_SECS": "2", "TZ": "Asia/Seoul"}
    words = [sys.executable, "-c", BOTH + code, str(home)]
    ran = subprocess.run(words, capture_output=True, text=True, env=quick, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.splitlines()


@pytest.mark.timeout(120)
def test_a_session_that_idled_is_opened_anew_and_what_was_held_fails_in_one_line(tmp_path: Path):
    assert said_by(EMBEDDED, tmp_path) == [ENDED] * 3 + ["passed 1", "UTC true"]


@pytest.mark.timeout(120)
def test_a_server_that_ended_the_session_or_was_started_anew_gets_our_settings_again(
    tmp_path: Path,
):
    *said, anew, gone = said_by(CONNECT, tmp_path)
    assert said == [ENDED] * 3 + ["passed 1", "UTC true"]
    assert anew == "False UTC"
    assert gone.startswith("True no Spark Connect server answers at 127.0.0")
    assert gone.endswith("start it, or mend KPOP_CONNECT_URL")
