"""A report as a mail: a few lines, a link that opens it after login, and its files attached."""

from datetime import date
from email.message import EmailMessage

from core import auth, db
from core.settings import settings
from core.tenancy import Scope
from server.envelope import Envelope, headed
from server.reports.blocks import fill, period_words
from server.reports.files import NAMES, file
from server.reports.store import Report
from server.templates import html
from server.views.export import File


class Writer:
    """Writes the mails of one sending: the files are made once, by the first that is needed."""

    def __init__(self, report: Report, formats: tuple[str, ...], on: date, scope: Scope) -> None:
        self.report, self.formats, self.on, self.scope = report, formats, on, scope
        self._made: tuple[list[File], list[tuple[str, str, str]]] | None = None

    def write(self, envelope: Envelope) -> EmailMessage:
        """The mail for one reader."""
        attached, figures = self._ready()
        report, period = self.report, period_words(self.report.spec, self.on)
        mail = headed(envelope, f"{report.title}: {period}" if period else report.title)
        context = {
            "report": report,
            "company": self.scope.company,
            "period": period,
            "figures": figures,
            "kinds": " y ".join(NAMES[k] for k in self.formats),
            "url": f"{settings().url}/informes/{report.id}",
            "leave": f"{settings().url}/informes#correo",
        }
        mail.set_content(plain(context), cte="quoted-printable")
        mail.add_alternative(html("informe_correo.html", context), subtype="html", cte="quoted-printable")
        for one in attached:
            kind, _, sub = one.kind.partition("/")
            mail.add_attachment(one.content, kind, sub, filename=one.name)
        return mail

    def _ready(self) -> tuple[list[File], list[tuple[str, str, str]]]:
        if self._made is None:
            draft = self.report.draft
            with db.tenant(self.scope) as connection:
                filled = fill(draft.spec, self.on, self.scope, connection)
                logo = auth.logo(self.scope, connection)
            attached = [file(kind, draft, filled, self.on, logo, self.scope) for kind in self.formats]
            self._made = attached, [(f.name, f.value, f.change) for b in filled for f in b.figures]
        return self._made


def plain(context: dict[str, object]) -> str:
    """The text twin. Pure."""
    report, figures = context["report"], context["figures"]
    assert isinstance(report, Report)
    assert isinstance(figures, list)
    lines = [report.title, str(context["period"]), ""]
    lines += [f"{name}: {value}{f' ({change})' if change else ''}" for name, value, change in figures]
    return "\n".join(
        [
            *lines,
            "",
            f"Va adjunto en {context['kinds']}.",
            f"Ábrelo en {context['url']}",
            f"Para no recibirlo más: {context['leave']}",
            "",
        ]
    )
