"""Who is let in: by tokens, by certificates, or because only this machine reaches the listener."""

from __future__ import annotations

import pytest

from services.callers import token as tokens
from services.callers.caller import ANYBODY_HERE, Caller, Scope
from services.callers.gate import Gate, certificate_names
from services.callers.refusals import Denied, Unauthenticated
from services.callers.token import Token
from services.intake.ledger.credentials import CERTIFICATE, TOKEN, Credential, Roll
from services.intake.ledger.portals import Portal
from services.intake.refusals import StorageDown

CHECK = "/heyan.v1.ValidationService/Check"
SECOND = 1_000_000


class Ledger:
    """Rows that a test changes, and a clock that it turns; the database's clock is an hour ahead of the server's."""

    def __init__(self) -> None:
        self.rows: list[Credential] = []
        self.portals: list[Portal] = []
        self.down = False
        self.looks = 0
        self.now = 1000.0

    def clock(self) -> float:
        return self.now

    @property
    def moment(self) -> int:
        return int((self.now + 3600) * SECOND)

    async def load(self) -> Roll:
        self.looks += 1
        if self.down:
            raise StorageDown
        return Roll(self.moment, tuple(self.rows), tuple(self.portals))

    def token(self, portal: str = "a", *scopes: str, seconds: float | None = None, revoked: bool = False) -> Token:
        token = tokens.make()
        until = None if seconds is None else self.moment + int(seconds * SECOND)
        at = self.moment if revoked else None
        self.rows.append(Credential(token.id, portal, TOKEN, token.sha256, scopes or ("check",), 0, until, at))
        return token

    def certificate(self, portal: str, name: str, seconds: float | None = None, revoked: bool = False) -> None:
        until = None if seconds is None else self.moment + int(seconds * SECOND)
        at = self.moment if revoked else None
        self.rows.append(Credential(tokens.new_id(), portal, CERTIFICATE, name, ("check",), 0, until, at))

    def gate(self, *, local: bool = True, authenticate: bool = False) -> Gate:
        return Gate(self.load, local=local, authenticate=authenticate, certificates=True, clock=self.clock)


def bearer(token: Token) -> list[str]:
    return [f"Bearer {token.text}"]


async def reason(gate: Gate, authorization: list[str], names: tuple[str, ...] = ()) -> str:
    with pytest.raises(Unauthenticated) as refused:
        await gate.caller(authorization, names)
    assert refused.value.zh
    assert refused.value.en
    return refused.value.reason


async def test_without_any_token_this_machine_has_every_right_and_others_none() -> None:
    ledger = Ledger()
    assert await ledger.gate().caller([], ()) == ANYBODY_HERE
    assert all(ANYBODY_HERE.may(scope) for scope in Scope)
    assert await reason(ledger.gate(local=False), []) == "TOKEN_MISSING"
    assert await reason(ledger.gate(authenticate=True), []) == "TOKEN_MISSING"


async def test_once_a_token_was_made_everybody_is_asked_even_when_it_is_revoked() -> None:
    ledger = Ledger()
    gate = ledger.gate()
    assert await gate.caller([], ()) == ANYBODY_HERE
    ledger.token(revoked=True)
    ledger.now += 6
    assert await reason(gate, []) == "TOKEN_MISSING"


async def test_a_token_says_which_portal_calls_and_what_it_may() -> None:
    ledger = Ledger()
    ledger.portals.append(Portal("bank", 0, 0, None, None, 3))
    token = ledger.token("bank", "check", "read-own")
    caller = await ledger.gate(local=False).caller(bearer(token), ())
    assert caller == Caller("bank", frozenset({Scope.CHECK, Scope.READ_OWN}), True, 3)


async def test_a_wrong_token_is_refused_even_where_none_is_needed() -> None:
    gate = Ledger().gate()
    assert await reason(gate, bearer(tokens.make())) == "TOKEN_INVALID"
    assert await reason(gate, ["Bearer"]) == "TOKEN_INVALID"
    assert await reason(gate, ["Basic YTpi"]) == "TOKEN_INVALID"


async def test_another_secret_under_a_known_id_is_refused() -> None:
    ledger = Ledger()
    known = ledger.token()
    forged = tokens._sealed(known.id, f"heyan_{known.id}_{'0' * 43}")
    assert tokens.parse(forged.text) == forged
    assert await reason(ledger.gate(), bearer(forged)) == "TOKEN_INVALID"


async def test_two_tokens_at_once_are_none() -> None:
    ledger = Ledger()
    assert await reason(ledger.gate(), bearer(ledger.token()) + bearer(ledger.token())) == "TOKEN_INVALID"


async def test_a_token_expires_by_the_databases_clock_also_between_two_looks() -> None:
    ledger = Ledger()
    token = ledger.token(seconds=2)
    gate = ledger.gate()
    await gate.caller(bearer(token), ())
    ledger.now += 2
    assert await reason(gate, bearer(token)) == "TOKEN_EXPIRED"
    assert ledger.looks == 1


async def test_a_revoked_token_counts_for_some_seconds_at_most() -> None:
    ledger = Ledger()
    token = ledger.token()
    gate = ledger.gate()
    await gate.caller(bearer(token), ())
    ledger.rows = []
    ledger.token(revoked=True)
    row = ledger.rows[0]
    ledger.rows = [Credential(token.id, "a", TOKEN, token.sha256, ("check",), 0, None, row.revoke_time)]
    ledger.now += 5
    assert await reason(gate, bearer(token)) == "TOKEN_REVOKED"


async def test_a_token_that_was_just_made_counts_at_once_and_guesses_cost_few_looks() -> None:
    ledger = Ledger()
    gate = ledger.gate()
    await gate.is_open()
    token = ledger.token()
    ledger.now += 0.6
    await gate.caller(bearer(token), ())
    looks = ledger.looks
    for _ in range(100):
        assert await reason(gate, bearer(tokens.make())) == "TOKEN_INVALID"
    assert ledger.looks == looks


async def test_while_the_ledger_is_away_known_tokens_count_for_five_minutes() -> None:
    ledger = Ledger()
    token = ledger.token()
    gate = ledger.gate()
    await gate.caller(bearer(token), ())
    ledger.down = True
    ledger.now += 200
    await gate.caller(bearer(token), ())
    ledger.now += 200
    with pytest.raises(StorageDown):
        await gate.caller(bearer(token), ())


async def test_a_certificate_is_a_portals_by_its_alternative_name_before_its_common_name() -> None:
    ledger = Ledger()
    ledger.certificate("one", "CN:x")
    ledger.certificate("two", "SAN:x.example.cn")
    gate = ledger.gate(local=False)
    assert (await gate.caller([], ("SAN:x.example.cn", "CN:x"))).portal == "two"
    assert (await gate.caller([], ("CN:x",))).portal == "one"
    assert await reason(gate, [], ("SAN:x", "CN:y")) == "CERTIFICATE_UNKNOWN"


async def test_certificates_expire_and_are_revoked_like_tokens() -> None:
    ledger = Ledger()
    ledger.certificate("one", "CN:old", seconds=-1)
    ledger.certificate("two", "CN:gone", revoked=True)
    gate = ledger.gate()
    assert await reason(gate, [], ("CN:old",)) == "CERTIFICATE_EXPIRED"
    assert await reason(gate, [], ("CN:gone",)) == "CERTIFICATE_REVOKED"


async def test_a_token_does_not_travel_on_another_portals_certificate() -> None:
    ledger = Ledger()
    ledger.certificate("one", "CN:one")
    token = ledger.token("two")
    gate = ledger.gate()
    assert await reason(gate, bearer(token), ("CN:one",)) == "CALLERS_DIFFER"
    own = ledger.token("one")
    ledger.now += 1
    assert (await gate.caller(bearer(own), ("CN:one",))).portal == "one"
    assert (await gate.caller(bearer(token), ("CN:unknown",))).portal == "two"


def test_a_method_that_is_not_in_the_table_is_nobodys() -> None:
    Gate.require(Caller("a", frozenset({Scope.CHECK})), CHECK)
    with pytest.raises(Denied):
        Gate.require(Caller("a", frozenset(Scope)), "/heyan.v1.ValidationService/NotYetThoughtOf")


def test_names_of_a_certificate() -> None:
    assert certificate_names({}) == []
    shown = {"x509_common_name": [b"portal"], "x509_subject_alternative_name": [b"a.cn", "名".encode()]}
    assert certificate_names(shown) == ["SAN:a.cn", "SAN:名", "CN:portal"]
