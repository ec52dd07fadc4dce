"""Whose phone it is: codes, several companies, 'baja', and that a stranger learns nothing."""

from collections.abc import Callable
from datetime import timedelta

from core import auth, db
from core.tenancy import Permission, Role
from server.channels.whatsapp import Button, Notice, Reply, links, notify
from tests.server.channels.whatsapp.conftest import Phone, give_sales
from tests.server.conftest import Person
from tests.server.graph import Graph, buttons_of


def test_a_code_links_once_and_for_ten_minutes(phone: Callable[[], Phone], owner: Person, graph: Graph):
    code = links.make_code(owner.scope, opt_in=False)
    first, second = phone(), phone()
    first.says(f"conectar {code.lower().replace('-', ' ')} por favor")
    assert [p.sender for p in links.phones(owner.scope)] == [first.number]
    second.says(code)
    assert len(links.phones(owner.scope)) == 1
    stale = links.make_code(owner.scope, opt_in=False)
    with db.tenant(owner.scope) as connection:
        connection.execute("UPDATE whatsapp_codes SET expires_at = now() - interval '1 second'")
    second.says(stale)
    assert len(links.phones(owner.scope)) == 1
    assert "no sirve" not in graph.texts()[-1]  # a stranger is told how to link, whatever was wrong


def test_the_phone_that_used_a_code_is_welcomed_again_and_nobody_else_is(
    phone: Callable[[], Phone], owner: Person, graph: Graph
):
    """Its message may be handled twice: a worker died between linking the phone and keeping what it is told."""
    code = links.make_code(owner.scope, opt_in=True)
    mine, other = phone(), phone()
    mine.says(code)
    links.opt(owner.scope, mine.number, wanted=False, by="phone")
    with db.tenant(owner.scope) as connection:
        connection.execute("UPDATE whatsapp_codes SET expires_at = now() - interval '1 second'")
        connection.execute("DELETE FROM audit_log")
    mine.says(code)
    assert graph.texts()[1] == graph.texts()[0]
    assert [p.opted_in for p in links.phones(owner.scope)] == [False]  # told again, not done again
    other.says(code)
    assert [p.sender for p in links.phones(owner.scope)] == [mine.number]
    mine.says("baja")
    mine.says(code)
    assert links.phones(owner.scope) == []


def test_a_new_code_ends_the_one_before_and_none_is_kept_readable(phone: Callable[[], Phone], owner: Person):
    before, now = links.make_code(owner.scope, False), links.make_code(owner.scope, False)
    mine = phone()
    mine.says(before)
    assert links.phones(owner.scope) == []
    with db.tenant(owner.scope) as connection:
        row = connection.execute("SELECT code_hash FROM whatsapp_codes").fetchone()
    assert row is not None
    assert links.code_in(now).encode() not in bytes(row[0])
    mine.says(now)
    assert len(links.phones(owner.scope)) == 1


def test_after_five_wrong_codes_not_even_the_right_one_is_looked_at(phone: Callable[[], Phone], owner: Person):
    guesser = phone()
    for n in range(links.MOST_TRIES):
        guesser.says(f"AYNI-AAAA-BBB{links.LETTERS[n]}")
    guesser.says(links.make_code(owner.scope, False))
    assert links.phones(owner.scope) == []
    with db.channel() as connection:
        connection.execute(
            "UPDATE whatsapp_senders SET tries_since = now() - interval '61 minutes' WHERE sender = %s",
            [guesser.number],
        )
    guesser.says(links.make_code(owner.scope, False))
    assert len(links.phones(owner.scope)) == 1


def test_baja_unlinks_and_then_nothing_is_answered(phone: Callable[[], Phone], owner: Person, graph: Graph):
    give_sales(owner.scope)
    mine = phone().linked_to(owner.scope, opt_in=True)
    mine.says("Baja")
    assert "desconecté" in graph.texts()[-1]
    assert links.phones(owner.scope) == []
    mine.says("¿cuánto vendí en octubre?")
    assert "pide un código" in graph.texts()[-1]


def test_an_old_baja_that_comes_late_does_not_end_a_newer_link(phone: Callable[[], Phone], owner: Person):
    mine = phone().linked_to(owner.scope)
    mine.says("baja", ago=timedelta(hours=2))
    assert len(links.phones(owner.scope)) == 1


def test_a_baja_that_came_a_day_late_still_holds(phone: Callable[[], Phone], owner: Person, graph: Graph):
    mine = phone().linked_to(owner.scope)
    with db.tenant(owner.scope) as connection:
        connection.execute("UPDATE whatsapp_links SET linked_at = now() - interval '9 days'")
    told = len(graph.sent)
    mine.says("baja", ago=timedelta(days=2))
    assert links.phones(owner.scope) == []
    assert len(graph.sent) == told


def two_companies(person: Callable[..., Person]) -> tuple[Person, Person]:
    """The same user in two companies with different sales."""
    first = person()
    other = auth.create_company(f"Panadería {first.scope.company.slug[-6:]}", sector="panaderia")
    auth.add_member(other, first.user.email, Role.owner)
    second = Person(auth.scope_for(first.user.id, other.slug), first.user, first.browser)
    give_sales(first.scope, 1000)
    give_sales(second.scope, 2000)
    return first, second


def test_a_phone_of_two_companies_is_asked_once_which_and_may_change(
    phone: Callable[[], Phone], person: Callable[..., Person], graph: Graph
):
    first, second = two_companies(person)
    mine = phone().linked_to(first.scope).linked_to(second.scope)
    links.choose(mine.number, None)
    mine.says("¿cuánto vendí en octubre de 2026?")
    assert graph.texts()[-1] == "¿De cuál negocio?"
    choices = buttons_of(graph.sent[-1])
    assert [id for _, id in choices] == [f"negocio:{s.scope.company.slug}" for s in (first, second)]
    mine.presses(choices[0])  # answers what was asked
    assert graph.texts()[-1].startswith("*$31.000*")
    assert first.scope.company.name in graph.texts()[-1]
    mine.says("¿y en septiembre?")  # remembers
    assert "*$30.000*" in graph.texts()[-1]
    mine.says("Cambiar negocio")
    mine.presses(buttons_of(graph.sent[-1])[1])
    mine.says("¿cuánto vendí en octubre de 2026?")
    assert graph.texts()[-1].startswith("*$62.000*")
    mine.says("cambiar negocio")
    mine.says(first.scope.company.name.upper())  # by its name
    mine.says("¿cuánto vendí en octubre de 2026?")
    assert graph.texts()[-1].startswith("*$31.000*")
    assert graph.refused == []


def test_what_is_asked_under_a_company_is_about_it_whichever_was_chosen(
    phone: Callable[[], Phone], person: Callable[..., Person], graph: Graph
):
    first, second = two_companies(person)
    mine = phone().linked_to(first.scope)
    mine.says("¿cuánto vendí en octubre de 2026?")
    answered = graph.ids[-1]
    mine.linked_to(second.scope)  # speaks of the second from here on
    notice = Notice("k", Reply("*Baja* en el primero", (Button("Ver", "q:¿cuánto vendí en septiembre de 2026?"),)))
    links.opt(first.scope, mine.number, True, "page")
    assert notify(notice, first.user.id, first.scope) == "sent"
    told = graph.ids[-1]
    question = ("x", "q:¿cuánto vendí en octubre de 2026?")
    for under, figure in (
        (answered, "*$31.000*"),
        (told, "*$31.000*"),
        ("", "*$62.000*"),
        ("wamid.nobody", "*$62.000*"),
    ):
        mine.presses(question, under)
        assert graph.texts()[-1].startswith(figure)


def test_many_companies_are_a_list(phone: Callable[[], Phone], person: Callable[..., Person], graph: Graph):
    first = person()
    mine = phone().linked_to(first.scope)
    for n in range(4):
        other = auth.create_company(f"Sucursal de nombre largo número {n} {first.scope.company.slug[-4:]}")
        auth.add_member(other, first.user.email, Role.owner)
        mine.linked_to(auth.scope_for(first.user.id, other.slug))
    mine.says("cambiar negocio")
    rows = graph.sent[-1]["interactive"]["action"]["sections"][0]["rows"]
    assert len(rows) == 5
    mine.sends({"type": "interactive", "interactive": {"type": "list_reply", "list_reply": rows[3]}})
    assert "número 2" in graph.texts()[-1]
    assert graph.refused == []


def test_a_button_of_a_company_that_is_no_longer_theirs_opens_nothing(
    phone: Callable[[], Phone], person: Callable[..., Person], graph: Graph
):
    first, second = two_companies(person)
    mine = phone().linked_to(first.scope).linked_to(second.scope)
    links.unlink(second.scope, mine.number)
    mine.presses(("x", f"negocio:{second.scope.company.slug}"))
    mine.says("¿cuánto vendí en octubre de 2026?")
    assert graph.texts()[-1].startswith("*$31.000*")
    stranger = person()
    mine.presses(("x", f"negocio:{stranger.scope.company.slug}"))
    assert all(stranger.scope.company.name not in t for t in graph.texts())


def test_who_is_removed_from_the_company_is_out_at_once(phone: Callable[[], Phone], owner: Person, graph: Graph):
    give_sales(owner.scope)
    mine = phone().linked_to(owner.scope)
    with db.owner() as connection:
        connection.execute("DELETE FROM memberships WHERE user_id = %s", [owner.user.id])
    mine.says("¿cuánto vendí en octubre de 2026?")
    assert "pide un código" in graph.texts()[-1]


def test_a_number_that_became_anothers_is_unlinked(phone: Callable[[], Phone], owner: Person):
    mine = phone().linked_to(owner.scope)
    mine.sends({"type": "system", "system": {"type": "user_changed_number", "wa_id": "56900000000", "body": "…"}})
    assert links.phones(owner.scope) == []


def test_notices_are_wanted_with_time_and_place_and_may_be_ended_by_phone(phone: Callable[[], Phone], owner: Person):
    mine = phone().linked_to(owner.scope)
    assert [p.opted_in for p in links.phones(owner.scope)] == [False]
    mine.says("avisos sí")
    with db.tenant(owner.scope) as connection:
        row = connection.execute("SELECT opted_in_at IS NOT NULL, opted_in_by FROM whatsapp_links").fetchone()
    assert row == (True, "phone")
    mine.says("Avisos no")
    assert [p.opted_in for p in links.phones(owner.scope)] == [False]
    with db.tenant(owner.scope) as connection:
        noted = connection.execute("SELECT action FROM audit_log ORDER BY id").fetchall()
    assert [a for (a,) in noted if a.startswith("whatsapp")] == [
        "whatsapp_linked", "whatsapp_opted_in", "whatsapp_opted_out",
    ]  # fmt: skip


def test_an_argentine_company_is_spoken_to_with_vos(phone: Callable[[], Phone], owner: Person, graph: Graph):
    mine = phone().linked_to(owner.scope)
    with db.owner() as connection:
        connection.execute(
            "UPDATE companies SET country = 'AR', locale = 'es-AR' WHERE id = %s", [owner.scope.company_id]
        )
    mine.sends({"type": "audio", "audio": {"id": "1"}})
    assert graph.texts()[-1] == "Todavía no escucho audios. Escribime tu pregunta en una línea y te respondo enseguida."


def test_every_role_may_link_its_own_phone(phone: Callable[[], Phone], person: Callable[..., Person], owner: Person):
    viewer = person(Role.viewer, owner.scope)
    assert viewer.scope.may(Permission.look)
    phone().linked_to(viewer.scope)
    assert len(links.phones(viewer.scope)) == 1
    assert links.phones(owner.scope) == []
