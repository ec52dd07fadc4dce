"""What is received and what is not."""

from io import BytesIO

import pytest

from core import db
from core.errors import BadInput, Forbidden, TooLarge
from core.settings import settings
from core.tenancy import Role, Scope
from ingest import receive, storing, uploads


class Endless:
    """A stream that never ends, as a careless or ill-meaning sender's."""

    def read(self, size: int) -> bytes:
        return b"x" * size


def test_a_file_beyond_the_limit_is_refused_before_it_is_whole(scope: Scope) -> None:
    with db.tenant(scope) as connection, pytest.raises(TooLarge) as refused:
        receive(scope, "enorme.csv", Endless(), connection)  # type: ignore[arg-type]
    assert f"{settings().max_upload_mb} MB" in refused.value.spanish
    assert "por partes" in refused.value.spanish
    with db.tenant(scope) as connection:
        assert not uploads(scope, connection)
    assert not list(storing.folder_of(scope).iterdir())


def test_a_million_lines_of_text_fit() -> None:
    assert settings().max_upload_mb >= 150
    assert settings().max_expanded_mb == 100


def test_nothing_is_not_received(scope: Scope) -> None:
    with db.tenant(scope) as connection, pytest.raises(BadInput):
        receive(scope, "x.csv", BytesIO(b""), connection)


def test_a_name_is_shown_and_never_a_path(scope: Scope) -> None:
    with db.tenant(scope) as connection:
        upload = receive(scope, "../../etc\\ventas\n\x00.csv", BytesIO(b"Fecha;Total\n"), connection)
    assert upload.filename == "ventas.csv"


def test_who_may_only_look_sends_nothing(scope: Scope) -> None:
    looking = Scope(scope.company, Role.viewer)
    with db.tenant(looking) as connection, pytest.raises(Forbidden):
        receive(looking, "ventas.csv", BytesIO(b"Fecha;Total\n"), connection)
