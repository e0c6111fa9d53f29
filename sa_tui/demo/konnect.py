"""FakeKonnect: the behaviour of a demo Konnect, from a request to its answer.

The rule it keeps: its JSON is written from Kong's specification, without our models, so that a
mistake in a model is not repeated here.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections import defaultdict
from dataclasses import KW_ONLY, dataclass, replace
from datetime import UTC, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from sa_tui.demo import accounts, regional, roles, teams, users
from sa_tui.demo.answers import Call, Caller, Endpoint, Refusal, Reply, json_reply, problem_reply
from sa_tui.demo.catalogue import REGIONS
from sa_tui.demo.faults import AFTERWARDS, Fault, Faults, parse_fault
from sa_tui.demo.grants import may_manage_identity
from sa_tui.demo.organisation import Organisation, WireRow, stamp

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from datetime import datetime

    import httpx

__all__ = [
    "BASE_URL",
    "REGIONAL_URL",
    "FakeKonnect",
    "Fault",
    "Received",
    "parse_fault",
]

BASE_URL = "https://konnect.demo.invalid"
REGIONAL_URL = "https://{region}.konnect.demo.invalid"

_MOST_RECEIVED = 50_000
_REFUSALS = {
    "403": ("Forbidden", "The quota of the organization is exceeded"),
    "404": ("Not Found", "Not Found"),
    "409": ("Conflict", "Something else has changed this"),
    "500": ("Internal Server Error", "An unexpected error occurred"),
}
_GATEWAY_PAGE = b"""<html>
<head><title>503 Service Temporarily Unavailable</title></head>
<body>
<center><h1>503 Service Temporarily Unavailable</h1></center>
<hr><center>nginx</center>
</body>
</html>
"""


@dataclass(frozen=True)
class Received:
    """One request as it arrived, without its token; `status` is None if it was never handled."""

    method: str
    _: KW_ONLY
    path: str
    query: dict[str, str]
    body: Any
    region: str | None
    token_id: str | None
    status: int | None


class FakeKonnect:
    """A believable Konnect over one organisation."""

    def __init__(self, organisation: Organisation, *, clock: Callable[[], datetime]) -> None:
        self.organisation = organisation
        self.received: list[Received] = []
        self._clock = clock
        self._faults = Faults()
        self._routes = _routes_by_length()
        # For the trace ids of problems.
        self._traces = random.Random(f"{organisation.seed}/traces")  # noqa: S311

    @property
    def operator_token(self) -> str:
        """The personal access token of the person who operates this organisation."""
        return self.organisation.operator_token

    def inject(self, fault: Fault) -> None:
        """Adds a fault for matching requests."""
        self._faults.add(fault)

    def clear_faults(self) -> None:
        """Removes all faults."""
        self._faults.clear()

    # For tests: these methods check nothing

    def account_named(self, name: str) -> WireRow:
        """The row of the account with this name; raises KeyError if there is none."""
        return self.organisation.accounts[self.organisation.account_ids[name]]

    def team_named(self, name: str) -> WireRow:
        """The row of the oldest team with this name; raises KeyError if there is none."""
        for team in self.organisation.teams:
            if team["name"] == name:
                return team
        raise KeyError(name)

    def tokens_of(self, account_id: str) -> list[WireRow]:
        """The token rows of an account, oldest first."""
        return list(self.organisation.tokens(account_id))

    def roles_of(self, holder_id: str) -> list[WireRow]:
        """The roles assigned directly to an account, a team or a user."""
        return list(self.organisation.roles(holder_id))

    def add_account(self, name: str, **fields: object) -> str:
        """Adds a system account and returns its id."""
        row = self._stamped(name=name, description="", konnect_managed=False) | fields
        return str(self.organisation.add_account(row)["id"])

    def add_token(self, holder_id: str, name: str, **fields: object) -> str:
        """Adds a token whose secret nobody knows, good for 90 days, and returns its id."""
        expires_at = stamp(self._clock() + timedelta(days=90))
        row = self._stamped(name=name, expires_at=expires_at) | fields
        if holder_id in self.organisation.users:
            row = {"user_id": holder_id, "state": "ACTIVE"} | row
        return str(self.organisation.add_token(holder_id, row)["id"])

    def add_team(self, name: str, **fields: object) -> str:
        """Adds a custom team and returns its id."""
        row = self._stamped(name=name, description=None, system_team=False, labels={}) | fields
        return str(self.organisation.teams.add(row)["id"])

    def add_role(self, holder_id: str, role_name: str, **fields: object) -> str:
        """Assigns a role to an account, a team or a user, by default on every control plane."""
        row: WireRow = {"id": self.organisation.new_id(), "role_name": role_name, "entity_id": "*"}
        row |= {"entity_type_name": "Control Planes", "entity_region": "*"} | fields
        return str(self.organisation.add_role(holder_id, row)["id"])

    def join(self, team_id: str, member_id: str) -> None:
        """Puts an account or a user into a team."""
        organisation = self.organisation
        is_account = member_id in organisation.accounts
        (organisation.account_teams if is_account else organisation.user_teams).join(
            team_id, member_id
        )

    def _stamped(self, **fields: object) -> WireRow:
        now = stamp(self._clock())
        return {"id": self.organisation.new_id(), "created_at": now, "updated_at": now, **fields}

    def transport(
        self,
        *,
        latency_seconds: float = 0.0,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> httpx.AsyncBaseTransport:
        """This Konnect as an httpx transport, in process."""
        from sa_tui.demo.transport import DemoTransport  # httpx is slow to import

        return DemoTransport(self.answer, latency_seconds=latency_seconds, sleep=sleep)

    def answer(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        headers: Mapping[str, str],
        body: bytes,
    ) -> Reply:
        """Answers one request; header names are lower case.

        The region comes from the first label of the `host` header or the first path segment.
        """
        region, path = _region(path, headers.get("host", ""))
        call = Call(
            self.organisation,
            now=self._clock(),
            query=query,
            body=body,
            ids=(),
            region=region,
            caller=self._caller(headers.get("authorization", "")),
        )
        fault = self._faults.strike(method, path)
        if fault is not None and fault.kind not in AFTERWARDS:
            answer = self._failure(fault)
        else:
            answer = self._handled(method, path, call)
        self._remember(method, path, call, answer)
        dated = {**answer.headers, "date": format_datetime(call.now.astimezone(UTC), usegmt=True)}
        answer = replace(answer, headers=dated)
        return _disturbed(answer, fault) if fault is not None else answer

    def _remember(self, method: str, path: str, call: Call, answer: Reply) -> None:
        if len(self.received) >= _MOST_RECEIVED:  # a demo may stay open for days
            del self.received[: _MOST_RECEIVED // 2]
        received = Received(
            method,
            path=path,
            query=dict(call.query),
            body=_readable(call.body),
            region=call.region,
            token_id=call.caller.token_id if call.caller else None,
            status=answer.status or None,
        )
        self.received.append(received)

    def _handled(self, method: str, path: str, call: Call) -> Reply:
        try:
            route, ids = self._route(method, path)
            self._admit(route, call)
            return route.handler(replace(call, ids=ids))
        except Refusal as refused:
            return problem_reply(refused, trace=self._trace())

    def _route(self, method: str, path: str) -> tuple[Endpoint, tuple[str, ...]]:
        segments = path.split("/")
        allowed: list[str] = []
        for template, route in self._routes.get(len(segments), ()):
            ids = _match(template, segments)
            if ids is not None:
                if route.method == method:
                    return route, ids
                if route.method not in allowed:
                    allowed.append(route.method)
        if allowed:
            detail = f"The method {method} is not allowed here"
            headers = {"allow": ", ".join(allowed)}
            raise Refusal(405, title="Method Not Allowed", detail=detail, headers=headers)
        raise Refusal(404, title="Not Found", detail="Not Found")

    def _caller(self, authorization: str) -> Caller | None:
        """The owner of the token; None for one that is unknown, deleted or expired."""
        scheme, _, secret = authorization.partition(" ")
        organisation = self.organisation
        if scheme.lower() != "bearer":
            return None
        if secret == organisation.operator_token and organisation.operator_id in organisation.users:
            return Caller(organisation.operator_token_id, user_id=organisation.operator_id)
        owner = organisation.owner_of_secret(secret)
        if owner is None:
            return None
        account_id, token = owner
        is_expired = token["expires_at"] <= stamp(self._clock())
        if is_expired:
            return None
        if account_id in organisation.users:
            return Caller(token["id"], user_id=account_id)
        return Caller(token["id"], account_id=account_id)

    def _admit(self, route: Endpoint, call: Call) -> None:
        """Marks the caller's token as used; raises 401 or 403 if the caller may not do this."""
        if route.access == "public":
            return
        caller = call.caller
        if caller is None:
            raise Refusal(401, title="Unauthenticated", detail="A valid token is required")
        if caller.token_id == self.organisation.operator_token_id:
            return  # its last use is that of the seed: every picture would show the present
        token = self.organisation.tokens(caller.account_id or caller.user_id or "")[caller.token_id]
        token["last_used_at"] = stamp(call.now)
        if caller.account_id is None:
            return
        reading = route.method == "GET"
        if route.access == "identity" and not may_manage_identity(
            self.organisation, caller.account_id, reading=reading
        ):
            raise Refusal(
                403,
                title="Invalid Permissions",
                detail="You must have the [administrator] role to perform this action",
                problem_type="https://kongapi.info/konnect/invalid-permissions",
            )

    def _failure(self, fault: Fault) -> Reply:
        """The answer for a fault that changes nothing."""
        if fault.kind == "429":
            answer = json_reply(429, {"message": "API rate limit exceeded"})
            return replace(answer, headers={**answer.headers, **fault.refusal_headers})
        if fault.kind == "503":
            return Reply(503, headers={"content-type": "text/html"}, body=_GATEWAY_PAGE)
        if fault.kind in _REFUSALS:
            title, detail = _REFUSALS[fault.kind]
            refused = Refusal(int(fault.kind), title=title, detail=detail)
            return problem_reply(refused, trace=self._trace())
        return Reply(0, delivery="cut-before")

    def _trace(self) -> str:
        return str(self._traces.randrange(10**18, 10**19))


def _disturbed(answer: Reply, fault: Fault) -> Reply:
    """The answer with a fault that comes after the change."""
    if fault.kind == "cut-after":
        return replace(answer, delivery="cut-after")
    if fault.kind == "slow-body":
        return replace(answer, delivery="slow", slow_seconds=fault.slow_seconds)
    if fault.kind == "malformed":
        if not answer.body:  # a 204 has no body to damage
            answer = json_reply(200, {"data": []})
        return replace(answer, body=answer.body[: len(answer.body) // 2])
    return answer


def _region(path: str, host: str) -> tuple[str | None, str]:
    """The region a request is for, and its path without one."""
    first, _, rest = path.lstrip("/").partition("/")
    if first in REGIONS:
        return first, f"/{rest}"
    label = host.partition(".")[0]
    return (label if label in REGIONS else None), path


_Template = tuple[str, ...]


def _routes_by_length() -> Mapping[int, Sequence[tuple[_Template, Endpoint]]]:
    """The routes by the number of segments in their paths; the first match is used."""
    by_length: defaultdict[int, list[tuple[_Template, Endpoint]]] = defaultdict(list)
    for module in (users, accounts, teams, roles, regional):
        for route in module.ROUTES:
            template = tuple(route.template.split("/"))
            by_length[len(template)].append((template, route))
    return by_length


def _match(template: _Template, segments: Sequence[str]) -> tuple[str, ...] | None:
    """The ids in a path that has this shape, or None."""
    ids = []
    for expected, segment in zip(template, segments, strict=True):
        if expected == "{}":
            ids.append(segment)
        elif expected != segment:
            return None
    return tuple(ids)


def _readable(body: bytes) -> Any:
    """The JSON in a request body, None for an empty one, text for anything else."""
    if not body:
        return None
    try:
        return json.loads(body)
    except ValueError:
        return body.decode(errors="replace")
