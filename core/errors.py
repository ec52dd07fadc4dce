"""Errors an owner may see: a code for programs, a Spanish message and a remedy for people.

AyniError
├── BadInput       what was sent cannot be used as it is (400)
├── NotSignedIn    nobody is signed in (401)
├── Forbidden      signed in, but this role may not (403)
├── NotFound       no such thing here, or it is another company's (404)
├── Conflict       the present state does not allow it (409)
├── TooLarge       over a limit (413)
└── TooMany        too often, or a budget is used up (429)
"""


class AyniError(Exception):
    """`code` is stable and in English; `message` says what happened, `remedy` what to do, both in Spanish."""

    http_status = 500

    def __init__(self, code: str, message: str, remedy: str = "") -> None:
        super().__init__(f"{code}: {message} {remedy}".strip())
        self.code = code
        self.message = message
        self.remedy = remedy

    @property
    def spanish(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class BadInput(AyniError):
    http_status = 400


class NotSignedIn(AyniError):
    http_status = 401


class Forbidden(AyniError):
    http_status = 403


class NotFound(AyniError):
    http_status = 404


class Conflict(AyniError):
    http_status = 409


class TooLarge(AyniError):
    http_status = 413


class TooMany(AyniError):
    http_status = 429
