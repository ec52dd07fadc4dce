"""The load on WhatsApp's webhook in short: the whole service, each message kept and answered once."""

from pathlib import Path

from benchmarks import messaging


def test_every_message_is_kept_and_answered_once(tmp_path: Path) -> None:
    done = messaging.load(tmp_path, rate=20, seconds=2)
    assert (done["messages"], done["repeated"]) == (40, 4)
    assert (done["lost"], done["doubled"]) == (0, 0)
    assert 0 < done["p50"] <= done["p95"] <= done["max"]
