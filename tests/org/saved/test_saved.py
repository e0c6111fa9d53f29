"""A snapshot survives its file to the letter; what is none is refused, with its place."""

from __future__ import annotations

import json
import os
from dataclasses import MISSING, fields
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sa_tui.konnect import errors
from sa_tui.konnect.models import (
    AccessToken,
    AssignedRole,
    AuthenticationSettings,
    Entity,
    Listing,
    Organization,
    PersonalAccessToken,
    SystemAccount,
    Team,
    User,
)
from sa_tui.konnect.offer import CatalogueRole, CatalogueType, Regions
from sa_tui.org.saved.file import read_file
from sa_tui.org.saved.model import Saved, SavedError
from sa_tui.org.saved.reading import read_content
from sa_tui.org.saved.writing import content_of
from sa_tui.org.snapshot import Details, Part, Snapshot, TeamDetails, UserDetails

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

# Any text, half a character too; never both halves side by side, which JSON takes for a whole one.
texts = st.text(max_size=8).filter(
    lambda text: text == text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
)
odd_texts = st.one_of(texts, st.sampled_from(["\ud83d", "a\x00\x1b]52;c\x07\u202e\n", "\u2028"]))
ids = st.text(min_size=1, max_size=4).filter(lambda text: text.strip() not in ("", ".", ".."))
times = st.none() | st.datetimes(
    min_value=datetime(2015, 1, 1), max_value=datetime(9999, 1, 1), timezones=st.just(UTC)
)
flags = st.sampled_from([None, True, False])
maybe = st.none() | odd_texts
labels = st.dictionaries(odd_texts, odd_texts, max_size=2)


def rows(model: Any, **fields: Any) -> st.SearchStrategy[Any]:
    return st.builds(model, id=ids, unreadable=labels, **fields)


dates = {"created_at": times, "updated_at": times}
accounts = rows(
    SystemAccount, name=odd_texts, description=odd_texts, konnect_managed=flags, **dates
)
tokens = rows(AccessToken, name=odd_texts, expires_at=times, last_used_at=times, **dates)
personal = rows(
    PersonalAccessToken, name=odd_texts, state=odd_texts, user_id=st.none() | ids, revoked_at=times
)
roles = rows(
    AssignedRole, role_name=maybe, entity_type_name=maybe, entity_id=maybe, entity_region=maybe
)
teams = rows(Team, name=odd_texts, system_team=flags, labels=labels, **dates)
users = rows(User, email=odd_texts, full_name=odd_texts, active=flags)
organizations = rows(
    Organization, name=odd_texts, owner_id=maybe, retention_period_days=st.none() | st.integers()
)

refusals = st.sampled_from([400, 401, 403, 404, 409, 418, 422, 429, 500, 503]).flatmap(
    lambda status: st.builds(
        errors.rejection_type(status),
        st.just(status),
        title=odd_texts,
        detail=odd_texts,
        request=odd_texts,
        advice=odd_texts,
        trace=maybe,
        invalid_parameters=st.lists(
            st.builds(errors.InvalidParameter, odd_texts, reason=odd_texts, rule=maybe), max_size=2
        ).map(tuple),
        outcome_unknown=st.booleans(),
        retry_after_seconds=st.none() | st.floats(0, 1e6),
    )
)
problems = st.one_of(
    st.none(),
    refusals,
    st.builds(errors.Unreachable, odd_texts, advice=odd_texts, is_refused=st.booleans()),
    st.builds(errors.Unreadable, odd_texts, request=odd_texts, trace=maybe),
    st.builds(errors.Broken, odd_texts),
    st.builds(errors.HeldBack, request=odd_texts),
)


def parts(values: Any) -> st.SearchStrategy[Any]:
    part = st.builds(Part, value=st.none() | values, read_at=times, error=problems)
    return part.map(lambda part: Part() if part.is_unread else part)


def lists(of: Any) -> st.SearchStrategy[Any]:
    listing = st.builds(
        Listing,
        st.lists(of, max_size=3, unique_by=lambda row: row.id).map(tuple),
        total=st.none() | st.integers(0, 9),
        incomplete=maybe,
        skipped=st.integers(0, 2),
    )
    return parts(listing)


regions = st.lists(odd_texts, max_size=2).map(tuple)
catalogue = st.builds(
    CatalogueType,
    key=odd_texts,
    name=odd_texts,
    roles=st.lists(
        st.builds(CatalogueRole, key=odd_texts, name=odd_texts, description=odd_texts), max_size=2
    ).map(tuple),
)
entities = st.dictionaries(
    st.tuples(odd_texts, odd_texts),
    lists(st.builds(Entity, id=ids, name=odd_texts, entity_type_name=texts, region=texts)),
    max_size=2,
)


def of_each(details: Any) -> Any:
    return st.dictionaries(ids, details, max_size=2)


snapshots = st.builds(
    Snapshot,
    has_person=st.booleans(),
    organization=parts(organizations),
    me=parts(users),
    accounts=lists(accounts),
    teams=lists(teams),
    people=lists(users),
    details=of_each(
        st.builds(Details, tokens=lists(tokens), roles=lists(roles), teams=lists(teams))
    ),
    user_details=of_each(
        st.builds(UserDetails, tokens=lists(personal), roles=lists(roles), teams=lists(teams))
    ),
    team_details=of_each(
        st.builds(TeamDetails, roles=lists(roles), accounts=lists(accounts), users=lists(users))
    ),
    authentication=parts(
        st.builds(AuthenticationSettings, idp_mapping_enabled=flags, konnect_mapping_enabled=flags)
    ),
    catalogue=parts(st.lists(catalogue, max_size=2).map(tuple)),
    regions=parts(st.builds(Regions, stable=regions, stable_opt_in=regions, beta=regions)),
    entities=entities,
)


def saved(snapshot: Snapshot) -> Saved:
    return Saved(
        snapshot=snapshot,
        taken_at=NOW,
        profile="prod",
        base_url="https://konnect.example",
        program_version="1.2.3",
        is_complete=True,
    )


@settings(max_examples=50)
@given(snapshots)
def test_what_was_written_is_read_and_written_again_to_the_byte(snapshot: Snapshot) -> None:
    content = content_of(saved(snapshot))

    read = read_content(content)

    assert content_of(read) == content
    for name in ("organization", "me", "accounts", "people", "teams", "regions", "authentication"):
        was, now = getattr(snapshot, name), getattr(read.snapshot, name)
        assert (now.value, now.read_at) == (was.value, was.read_at)
        assert (repr(now.error), now.why_incomplete) == (repr(was.error), was.why_incomplete)
    assert {id: details.tokens.value for id, details in read.snapshot.details.items()} == {
        id: details.tokens.value for id, details in snapshot.details.items()
    }


def test_no_part_of_a_snapshot_is_left_out_of_its_file() -> None:
    """Every part that can fail to be read is told apart in the file, whatever is added later."""
    failed = Part[Any](error=errors.Broken("this part"))
    parts: dict[str, Any] = {
        each.name: failed if each.default is not MISSING else {"x": failed}
        for each in fields(Snapshot)
        if each.name != "has_person"
    }
    details: dict[str, Any] = {
        "details": {"x": Details(tokens=failed, roles=failed, teams=failed)},
        "user_details": {"x": UserDetails(tokens=failed, roles=failed, teams=failed)},
        "team_details": {"x": TeamDetails(roles=failed, accounts=failed, users=failed)},
        "entities": {("APIs", "eu"): failed},
    }
    of_details = (Details, UserDetails, TeamDetails)
    count = len(parts.keys() - details.keys()) + sum(len(fields(each)) for each in of_details) + 1

    content = content_of(saved(Snapshot(**(parts | details))))

    assert content.count(b"this part") == count
    assert content_of(read_content(content)) == content


def test_rows_that_differ_from_their_list_are_kept_as_they_are() -> None:
    listed, renamed = Team(id="t", name="Platform"), Team(id="t", name="Platform 2")
    snapshot = Snapshot(
        teams=Part(value=Listing((listed,))),
        details={
            "a": Details(teams=Part(value=Listing((listed,)))),
            "b": Details(teams=Part(value=Listing((renamed,)))),
        },
    )

    read = read_content(content_of(saved(snapshot))).snapshot

    assert read.details["a"].teams.rows[0] is read.teams.rows[0]
    assert read.details["b"].teams.rows == (renamed,)


def test_an_answer_of_another_time_zone_is_written_in_utc() -> None:
    from datetime import timezone

    made_at = datetime(2026, 1, 1, 1, tzinfo=timezone(timedelta(hours=2)))
    account = SystemAccount(id="a", created_at=made_at)
    content = content_of(saved(Snapshot(accounts=Part(value=Listing((account,))))))

    assert b'"created_at":"2025-12-31T23:00:00Z"' in content


SOUND = json.loads(
    content_of(
        saved(
            Snapshot(
                accounts=Part(
                    value=Listing((SystemAccount(id="a", name="ci", created_at=NOW),)), read_at=NOW
                ),
                teams=Part(value=Listing((Team(id="t", name="T", labels={"a": "b"}),))),
                details={
                    "a": Details(
                        tokens=Part(value=Listing((AccessToken(id="k"),))),
                        roles=Part(error=errors.Forbidden(403, title="Forbidden", request="GET /")),
                        teams=Part(value=Listing((Team(id="t", name="T", labels={"a": "b"}),))),
                    )
                },
                catalogue=Part(value=(CatalogueType(key="k", name="n"),)),
                regions=Part(value=Regions(stable=("eu",))),
                entities={
                    ("APIs", "eu"): Part(
                        value=Listing(
                            (Entity(id="e", name="n", entity_type_name="APIs", region="eu"),)
                        )
                    )
                },
            )
        )
    )
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Any:
    """Every value inside a record, by its path."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in pairs:
        yield (*path, key)
        if isinstance(inner, dict | list):
            yield from places(inner, (*path, key))


def changed(path: tuple[Any, ...], value: Any) -> bytes:
    record = json.loads(json.dumps(SOUND))
    at = record
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return json.dumps(record).encode()


@pytest.mark.parametrize("path", list(places(SOUND)), ids=lambda path: ".".join(map(str, path)))
def test_a_value_of_another_type_is_refused_with_its_place(path: tuple[Any, ...]) -> None:
    others: tuple[Any, ...] = (7, "x", [1], {"a": 1}, 1.5, True, [{}], {})
    for value in others:
        content = changed(path, value)
        try:
            read_content(content)  # it may fit: a text in place of another
        except SavedError as error:
            text = str(error)
            is_head = path[0] in ("format", "version")
            assert is_head or str(path[0]) in text, (path, value, text)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("system_accounts", "rows", 0, "name"), 7, "system_accounts.rows[0].name: not a text"),
        (
            ("system_accounts", "rows", 0, "created_at"),
            "yesterday",
            "system_accounts.rows[0].created_at: not a time in UTC",
        ),
        (("system_accounts", "rows", 0, "id"), "..", "system_accounts.rows[0]: no usable id"),
        (
            ("system_accounts", "rows"),
            [{"id": "a"}, {"id": "b"}, {"id": "a"}],
            "system_accounts.rows[2]: the second with the id 'a'",
        ),
        (
            ("system_account_details", 0, "teams", "rows", 0),
            "gone",
            "system_account_details[0].teams.rows[0]: nothing in the list has the id 'gone'",
        ),
        (
            ("system_account_details",),
            [{"id": "a"}, {"id": "a"}],
            "system_account_details[1]: the second with the id 'a'",
        ),
        (
            ("system_account_details", 0, "assigned_roles", "error", "kind"),
            "Tired",
            "system_account_details[0].assigned_roles.error.kind: no kind of error that is known",
        ),
        (
            ("entities", 0, "rows", 0, "id"),
            None,
            "entities[0].rows[0].id: not a text",
        ),
        (("version",), 2, "It is a snapshot of version 2, and 1 can be read"),
        (("format",), "other", "This is not a snapshot of sa-tui"),
        (("caller",), "nobody", "caller: neither user nor system_account"),
    ],
)
def test_what_does_not_fit_is_named_with_its_place(
    path: tuple[Any, ...], value: Any, message: str
) -> None:
    with pytest.raises(SavedError) as refused:
        read_content(changed(path, value))
    assert str(refused.value) == message


def test_a_field_that_a_later_version_1_adds_is_ignored() -> None:
    content = changed(("system_accounts", "rows", 0, "colour"), "red")

    assert read_content(content).snapshot.accounts.rows[0].name == "ci"


SOUND_BYTES = json.dumps(SOUND).encode()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "It ends in the middle, at character 1"),
        (SOUND_BYTES[:300], "It ends in the middle"),
        (SOUND_BYTES + b"x", "It is not JSON (Extra data), at character"),
        (b"[" * 200_000, "It is nested too deeply"),
        (b'{"version":' + b"9" * 5_000 + b"}", "It has a number that is too long"),
        (b"\xff" + SOUND_BYTES, "It is not UTF-8 at byte 1"),
        (b"[]", "This is not a snapshot of sa-tui"),
        (b"{}", "This is not a snapshot of sa-tui"),
        (b'{"format":["sa-tui snapshot"]}', "This is not a snapshot of sa-tui"),
    ],
)
def test_what_is_no_snapshot_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(SavedError) as refused:
        read_content(content)
    assert str(refused.value).startswith(message)


@pytest.mark.parametrize("length", range(0, len(SOUND_BYTES), 97))
def test_no_part_of_a_file_passes_for_the_whole(length: int) -> None:
    with pytest.raises(SavedError):
        read_content(SOUND_BYTES[:length])


def test_only_a_regular_file_is_read(tmp_path: Path) -> None:
    sound, fifo, link = tmp_path / "sound", tmp_path / "fifo", tmp_path / "link"
    sound.write_bytes(SOUND_BYTES)
    os.mkfifo(fifo)
    link.symlink_to(sound)
    huge = tmp_path / "huge"
    with huge.open("wb") as file:
        file.truncate(600 * 2**20)

    assert read_file(sound).profile == "prod"
    for path, message in (
        (fifo, "It is not a regular file"),
        (link, "It is a symbolic link: name the file itself"),
        (tmp_path, "It is not a regular file"),
        (tmp_path / "none", "It cannot be read: No such file or directory"),
        (huge, "It is larger than 512 MB"),
    ):
        with pytest.raises(SavedError) as refused:
            read_file(path)
        assert str(refused.value) == message
