"""Who someone is and what they may see: accounts, the one login, its sessions, and the makers of a `Scope`.

    user = auth.sign_in(email, password, address)        # TooMany or NotSignedIn, equally slow either way
    cookie = auth.session_token(user, slug)              # opens a session; pages, chat and API read this one cookie
    scope = auth.session_scope(cookie)                   # looked up anew: a removed member is out at once

A `Scope` comes from here alone: from a session, from an API key, from the operator's command line, or from the
queue, whose jobs belong to a company.
"""

from core.auth import invitations, second_factor
from core.auth.accounts import (
    add_member,
    ask_new_email,
    change_password,
    confirm_new_email,
    create_user,
    rename_user,
    set_password,
    users,
)
from core.auth.audit import note
from core.auth.companies import Profile, companies, create_company, describe, has_data, profile, set_sharing, slugify
from core.auth.founding import found_company, may_found
from core.auth.keys import create_key, create_token, keys, own_keys, revoke_key, revoke_tokens, tokens
from core.auth.login import User, check_password, hash_password, sign_in, sign_out_everywhere, user
from core.auth.logos import logo, remove_logo, set_logo
from core.auth.members import Member, change_role, members, remove_member
from core.auth.resets import ask_reset, check_reset, reset_password
from core.auth.scopes import Membership, company_scope, memberships, operator_scope, scope_for, token_scope
from core.auth.session import (
    COOKIE,
    SESSION_SECONDS,
    Device,
    Session,
    close,
    devices,
    read_session,
    session_scope,
    session_secret,
    session_token,
)

__all__ = [
    "COOKIE",
    "SESSION_SECONDS",
    "Device",
    "Member",
    "Membership",
    "Profile",
    "Session",
    "User",
    "add_member",
    "ask_new_email",
    "ask_reset",
    "change_password",
    "change_role",
    "check_password",
    "check_reset",
    "close",
    "companies",
    "company_scope",
    "confirm_new_email",
    "create_company",
    "create_key",
    "create_token",
    "create_user",
    "describe",
    "devices",
    "found_company",
    "has_data",
    "hash_password",
    "invitations",
    "keys",
    "logo",
    "may_found",
    "members",
    "memberships",
    "note",
    "operator_scope",
    "own_keys",
    "profile",
    "read_session",
    "remove_logo",
    "remove_member",
    "rename_user",
    "reset_password",
    "revoke_key",
    "revoke_tokens",
    "scope_for",
    "second_factor",
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
    "user",
    "users",
]
