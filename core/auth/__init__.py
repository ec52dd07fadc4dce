"""Who someone is and what they may see: accounts, the one login, its signed session, and the makers of a `Scope`.

    user = auth.sign_in(email, password, address)        # TooMany or NotSignedIn, equally slow either way
    cookie = auth.session_token(user, slug)              # pages, chat and API read this one cookie
    scope = auth.session_scope(cookie)                   # looked up anew: a removed member is out at once

A `Scope` comes from here alone: from a session, from an API token, from the operator's command line, or from the
queue, whose jobs belong to a company.
"""

from core.auth.accounts import (
    add_member,
    companies,
    create_company,
    create_token,
    create_user,
    note,
    revoke_tokens,
    set_password,
    set_sharing,
    slugify,
    tokens,
    users,
)
from core.auth.login import User, check_password, hash_password, sign_in, sign_out_everywhere
from core.auth.logos import logo, remove_logo, set_logo
from core.auth.scopes import Membership, company_scope, memberships, operator_scope, scope_for, token_scope
from core.auth.session import (
    COOKIE,
    SESSION_SECONDS,
    Session,
    read_session,
    session_scope,
    session_secret,
    session_token,
)

__all__ = [
    "COOKIE",
    "SESSION_SECONDS",
    "Membership",
    "Session",
    "User",
    "add_member",
    "check_password",
    "companies",
    "company_scope",
    "create_company",
    "create_token",
    "create_user",
    "hash_password",
    "logo",
    "memberships",
    "note",
    "operator_scope",
    "read_session",
    "remove_logo",
    "revoke_tokens",
    "scope_for",
    "session_scope",
    "session_secret",
    "session_token",
    "set_logo",
    "set_password",
    "set_sharing",
    "sign_in",
    "sign_out_everywhere",
    "slugify",
    "token_scope",
    "tokens",
    "users",
]
