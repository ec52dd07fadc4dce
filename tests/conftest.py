"""Shared by all tests: one embedded database a worker process, a company of its own for each test that asks."""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from argon2 import PasswordHasher
from hypothesis import settings as hypothesis
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

# Before anything reads the settings: tests live in a folder of their own and use no service of the machine.
DATA = Path(tempfile.mkdtemp(prefix="ayni-test-"))
for name in [n for n in os.environ if n.startswith("AYNI_") and n != "AYNI_SHARED"]:
    del os.environ[name]
os.environ["AYNI_DATA_DIR"] = str(DATA)
os.environ["AYNI_DEMO"] = "false"

# A machine that is busy with other tests is slow, not wrong; what passed here passes there: the same examples always.
hypothesis.register_profile("ayni", deadline=None, derandomize=True)
# For a hunt by hand: HYPOTHESIS_PROFILE=hunt.
hypothesis.register_profile("hunt", deadline=None, max_examples=5000)
hypothesis.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ayni"))

from core import db  # noqa: E402
from core.auth import login  # noqa: E402
from core.db.connect import admin_address  # noqa: E402
from core.tenancy import Company, Role, Scope  # noqa: E402

# Each person a test makes has a password: a hash as slow as the product's (tests/core/auth/test_login.py) would be most
# of the wait.
login._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

# A test's database needs not outlive the machine's power.
CARELESS = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")

# These share a running Ayni and a Chromium, so they go to one worker, and first: nothing else takes as long.
TOGETHER = "tests/browser/"


class ByFile(LoadScopeScheduling):
    """What `--dist loadfile` does, and the browser's files as if they were one."""

    def _split_scope(self, nodeid: str) -> str:
        return TOGETHER if nodeid.startswith(TOGETHER) else nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling | None:
    return ByFile(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(TOGETHER))


SHARED = Path(os.environ.get("AYNI_SHARED", Path(__file__).resolve().parents[1] / ".." / "shared")) / "data"


@pytest.fixture(scope="session")
def database() -> Iterator[None]:
    """The embedded Postgres of this worker, migrated."""
    with psycopg.connect(admin_address(), autocommit=True) as connection:
        for setting in CARELESS:
            connection.execute(f"ALTER SYSTEM SET {setting}")
        connection.execute("SELECT pg_reload_conf()")
    db.migrate()
    yield
    db.close()


@pytest.fixture(scope="session")
def new_scope(database: None) -> Callable[..., Scope]:
    """Makes a company and returns its owner's scope; call it twice for two tenants."""

    def make(
        country: str = "CL", currency: str = "CLP", timezone: str = "America/Santiago", role: Role = Role.owner
    ) -> Scope:
        slug = f"t-{uuid4().hex[:12]}"
        with db.owner() as connection:
            row = connection.execute(
                "INSERT INTO companies (slug, name, sector, country, currency, timezone) "
                "VALUES (%s, %s, 'panaderia', %s, %s, %s) RETURNING id",
                [slug, f"Negocio {slug}", country, currency, timezone],
            ).fetchone()
        assert row is not None
        company = Company(
            row[0],
            slug,
            f"Negocio {slug}",
            "panaderia",
            country,
            currency,
            timezone,
            "es-AR" if country == "AR" else "es-CL",
        )
        return Scope(company, role)

    return make


@pytest.fixture
def scope(new_scope: Callable[..., Scope]) -> Scope:
    """A fresh Chilean company's owner."""
    return new_scope()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data; a test that needs it is skipped where it is missing."""
    if not SHARED.is_dir():
        pytest.skip(f"real data not found at {SHARED} (set AYNI_SHARED)")
    return SHARED
