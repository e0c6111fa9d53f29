"""A stylesheet for tests, which start applications by the hundred."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.widget import Widget


class ParsedOnce(Stylesheet):
    """A stylesheet that remembers what was found out for an earlier application.

    It parses each text once, and matches its rules once with a part that has the same parents.
    """

    _parsed: ClassVar[dict[Any, dict[Any, Any]]] = {}
    _matched: ClassVar[dict[Any, dict[Any, Any]]] = {}
    _colours: Any = None

    def _parse_rules(self, *values: Any, **more: Any) -> Any:
        if self._colours is not self._variables:
            self._colours = self._variables
            self._known = self._parsed.setdefault(tuple(self._variables.items()), {})
        key = (values, *more.items())
        if key not in self._known:
            self._known[key] = super()._parse_rules(*values, **more)
        return self._known[key]

    def reparse(self) -> None:
        self.parse()

    def parse(self) -> None:
        super().parse()
        texts = (tuple(self._variables.items()), *self.source.items())
        self._rules_of = self._matched.setdefault(texts, {})

    def apply(self, node: DOMNode, *, animate: bool = False, cache: Any = None) -> None:
        assert self.rules_map is not None  # it parses what it has not
        self._key = key = tuple(self._looks(each) for each in node.css_path_nodes)
        rules, node._has_hover_style = self._rules_of.get(key, (None, False))
        self._sought = key if rules is None else None
        if rules is None:
            super().apply(node, animate=animate, cache=cache)
        else:
            self.replace_rules(node, rules, animate=animate)
            self._process_component_classes(node)

    def replace_rules(self, node: DOMNode, rules: Any, animate: bool = False) -> None:  # type: ignore[override]
        if self._sought is not None and not _depends_on_others(node):
            self._rules_of[self._sought] = (rules, node._has_hover_style)
        super().replace_rules(node, rules, animate=animate)

    def _process_component_classes(self, node: DOMNode) -> None:
        key, components = self._key, node._get_component_classes()
        node._component_styles.clear()
        for component in sorted(components):
            part = DOMNode(classes=component)
            part._attach(node)
            rules = self._rules_of.get((*key, component))
            if rules is None:
                self.apply(part)
                if not _depends_on_others(part):
                    self._rules_of[*key, component] = dict(part.styles.base._rules)
            else:
                part.styles.base._rules.update(rules)
            node._component_styles[component] = part.styles
        if components:
            node.refresh()

    def _looks(self, node: DOMNode) -> tuple[Any, ...]:
        """What decides which rules a part meets, apart from its brothers and children."""
        if isinstance(node, Widget):
            state: Any = (*node._pseudo_classes_cache_key, node.can_focus)
        else:
            state = tuple(sorted(node.get_pseudo_classes()))
        return (type(node), node._id, frozenset(node._classes), state)


def _depends_on_others(node: DOMNode) -> bool:
    """Whether other rules may meet a part when its brothers or children change."""
    return node._has_focus_within or node._has_order_style or node._has_odd_or_even
