"""A YAML file as a tree of values that know their lines.

The rule it keeps: reading makes nothing but text and costs what the file costs. An alias is the
same value again, never a copy; size, depth and number of values are limited.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field
from typing import TYPE_CHECKING

from sa_tui.base.text import one_line
from sa_tui.plans.errors import FileError, Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import yaml

LARGEST_BYTES = 10_000_000
DEEPEST = 50
MOST_VALUES = 1_000_000

_STR = "tag:yaml.org,2002:str"
_NULL = "tag:yaml.org,2002:null"
_BOOL = "tag:yaml.org,2002:bool"
_MERGE = "<<"
_OTHERS = {
    "!file": "a value from another file",
    "!env": "a value from the environment",
    "!lookup": "a look-up of kongctl's",
    "!external": "a look-up of kongctl's",
}


@dataclass(frozen=True)
class Scalar:
    """A text, or the name of another resource after `!ref`; None is an empty value.

    `kind` is what YAML takes an unquoted value for, such as `number`; empty for a text.
    """

    text: str | None
    _: KW_ONLY
    place: Place
    kind: str = ""
    is_ref: bool = False


@dataclass(frozen=True)
class Items:
    """A list."""

    rows: list[Node]
    _: KW_ONLY
    place: Place


@dataclass(frozen=True)
class Fields:
    """A mapping from texts; `places` are those of its keys."""

    values: dict[str, Node]
    _: KW_ONLY
    place: Place
    places: dict[str, Place] = field(default_factory=dict)


Node = Scalar | Items | Fields


def read_documents(content: bytes, *, name: str) -> list[Node]:
    """The documents of a file that is called `name`. Raises FileError."""
    import yaml

    start = Place(name, line=1)
    if len(content) > LARGEST_BYTES:
        raise FileError("is larger than 10 MB", place=start)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        events = yaml.parse(content.decode(), Loader=loader)
        return _Reader(events, name).documents()
    except UnicodeDecodeError:
        raise FileError("is not UTF-8", place=start) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(name, line=mark.line + 1 if mark is not None else 1)
        raise FileError(
            f"is not YAML: {one_line(error.problem or 'no reason')}", place=place
        ) from None
    except yaml.YAMLError as error:
        raise FileError(f"is not YAML: {one_line(str(error))}", place=start) from None


@dataclass
class _Open:
    """A list or a mapping that is being read; `key` is that of the next value."""

    node: Items | Fields
    anchor: str | None
    key: str | None = None
    key_place: Place | None = None


class _Reader:
    def __init__(self, events: Iterator[yaml.Event], name: str) -> None:
        import yaml

        self._events = events
        self._name = name
        self._resolver = yaml.resolver.Resolver()
        self._anchors: dict[str, Node] = {}
        self._open: list[_Open] = []
        self._count = 0
        self._roots: list[Node] = []

    def documents(self) -> list[Node]:
        import yaml

        for event in self._events:
            mark = event.start_mark
            place = Place(self._name, line=mark.line + 1 if mark is not None else 1)
            match event:
                case yaml.DocumentStartEvent():
                    self._anchors = {}
                case yaml.ScalarEvent():
                    self._add(self._scalar(event, place), event.anchor)
                case yaml.AliasEvent():
                    self._add(self._anchored(event.anchor or "", place), None, place=place)
                case yaml.SequenceStartEvent():
                    self._push(Items([], place=place), event, place)
                case yaml.MappingStartEvent():
                    self._push(Fields({}, place=place), event, place)
                case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                    closed = self._open.pop()
                    self._add(closed.node, closed.anchor, is_counted=False)
        return self._roots

    def _push(self, node: Items | Fields, event: yaml.CollectionStartEvent, place: Place) -> None:
        if event.tag is not None and event.tag.startswith("!"):
            raise _refused_tag(event.tag, place)
        if len(self._open) >= DEEPEST:
            raise FileError(f"is nested more than {DEEPEST} deep", place=place)
        self._count_one(place)
        self._open.append(_Open(node, event.anchor))

    def _add(
        self, node: Node, anchor: str | None, *, place: Place | None = None, is_counted: bool = True
    ) -> None:
        if is_counted:
            self._count_one(node.place)
        if anchor is not None:
            self._anchors[anchor] = node
        if not self._open:
            self._roots.append(node)
            return
        above = self._open[-1]
        if isinstance(above.node, Items):
            above.node.rows.append(node)
        elif above.key is None:
            above.key, above.key_place = self._key(node), place or node.place
        else:
            self._set(above, node)

    def _count_one(self, place: Place) -> None:
        self._count += 1
        if self._count > MOST_VALUES:
            raise FileError(f"holds more than {MOST_VALUES:,} values", place=place)

    def _key(self, node: Node) -> str:
        if isinstance(node, Scalar) and node.text is not None:
            return node.text
        raise FileError("a key has to be a text", place=node.place)

    def _set(self, above: _Open, node: Node) -> None:
        fields, key, place = above.node, above.key or "", above.key_place
        above.key = None
        if not isinstance(fields, Fields) or place is None:  # pragma: no cover - see _add
            return
        if key == _MERGE:
            self._merge(fields, node)
            return
        if key in fields.places:
            raise FileError(f"{one_line(key)} is there twice", place=place)
        fields.values[key], fields.places[key] = node, place

    def _merge(self, fields: Fields, node: Node) -> None:
        """Takes what another mapping has and this one does not say itself."""
        others = node.rows if isinstance(node, Items) else [node]
        for other in others:
            if not isinstance(other, Fields):
                raise FileError("<< takes a mapping, or a list of them", place=node.place)
            self._count += len(other.values)
            self._count_one(node.place)
            for key, value in other.values.items():
                fields.values.setdefault(key, value)

    def _anchored(self, name: str, place: Place) -> Node:
        if name not in self._anchors:
            raise FileError(f"*{one_line(name)} stands for nothing before it", place=place)
        return self._anchors[name]

    def _scalar(self, event: yaml.ScalarEvent, place: Place) -> Scalar:
        if event.tag == "!ref":
            return Scalar(event.value, place=place, is_ref=True)
        if event.tag is not None and event.tag.startswith("!") and event.tag != "!":
            raise _refused_tag(event.tag, place)
        tag = event.tag or self._kind(event)
        if tag in (_STR, "!"):
            return Scalar(event.value, place=place)
        if tag == _NULL:
            return Scalar(None, place=place)
        names = {_BOOL: "yes or no", "tag:yaml.org,2002:timestamp": "date"}
        return Scalar(event.value, place=place, kind=names.get(tag, "number"))

    def _kind(self, event: yaml.ScalarEvent) -> str:
        import yaml

        if event.style:  # it is quoted
            return _STR
        # A key is never taken for anything but a text.
        above = self._open[-1] if self._open else None
        if above is not None and isinstance(above.node, Fields) and above.key is None:
            return _STR
        resolve: Callable[..., object] = self._resolver.resolve
        return str(resolve(yaml.ScalarNode, event.value, (True, False)))


def _refused_tag(tag: str, place: Place) -> FileError:
    what = _OTHERS.get(tag)
    name = one_line(tag)
    if what is None:
        return FileError(f"{name} is an unknown tag", place=place)
    return FileError(f"{name} ({what}) is not read here: write the value itself", place=place)
