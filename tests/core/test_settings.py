"""What the process may start with."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from core.settings import LEAST_SECRET, Settings


@pytest.mark.parametrize("key", [None, "", "  ", "change me"])
def test_outside_development_only_a_real_secret_will_do(tmp_path: Path, key: str | None):
    given = SecretStr(key) if key is not None else None
    with pytest.raises(RuntimeError, match="AYNI_SECRET_KEY"):
        Settings(env="production", secret_key=given, data_dir=tmp_path).secret()
    assert not list(tmp_path.iterdir())


def test_a_long_secret_is_taken_as_it_is(tmp_path: Path):
    key = "k" * LEAST_SECRET
    assert Settings(env="production", secret_key=SecretStr(key), data_dir=tmp_path).secret() == key


def test_an_empty_secret_is_none_in_development_and_one_is_made_for_this_user_alone(tmp_path: Path):
    made = Settings(env="development", secret_key=SecretStr(""), data_dir=tmp_path).secret()
    assert len(made) >= LEAST_SECRET
    assert Settings(env="development", data_dir=tmp_path).secret() == made
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0
