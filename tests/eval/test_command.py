"""The whole way, in a process and a database of its own: the file with hardly any columns, asked everything."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(home: Path, *options: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AYNI_")}
    command = [sys.executable, "-m", "eval", "--home", str(home), *options]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    return run(tmp_path_factory.mktemp("eval"), "--company", "kiosco", "--json")


def test_a_company_is_brought_in_asked_and_judged(told: subprocess.CompletedProcess[str]) -> None:
    found = json.loads(told.stdout)
    assert found["counts"]["cases"] >= 40
    assert found["everything"]["citations"] == 1
    assert found["everything"]["repeatable"] == 1
    assert set(found["companies"]) == {"kiosco"}
    assert found["latency_ms"]["p50"] > 0


def test_the_exit_code_tells_whether_the_thresholds_are_kept(told: subprocess.CompletedProcess[str]) -> None:
    assert told.returncode == (1 if json.loads(told.stdout)["below"] else 0)


def test_nothing_asked_is_an_error(tmp_path: Path) -> None:
    assert run(tmp_path, "--category", "no-such").returncode == 1
