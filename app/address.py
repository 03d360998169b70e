"""What a visitor chose, kept in the page's address: it can be shared, and Back restores it.

Belongs here: choices in and out of the address, by names that are the same in every language, and
what goes along from page to page. Does not belong here: which choices a page offers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import streamlit as st

# What goes along from page to page.
CARRIED = ("lang", "day")
_WRITTEN = "_address_written"


@contextmanager
def kept(
    name: str,
    default: Any,
    options: Sequence[Any] | None = None,
    *,
    low: Any = None,
    high: Any = None,
    find: Callable[[str], Any] | None = None,
    always: bool = False,
) -> Iterator[str]:
    """The key for a widget whose value the address keeps; give the widget no value of its own.

    What the address asks for is chosen, unless it is none of the options. The default has no place
    in the address.

    Args:
        name: what the address calls it.
        default: what is chosen where the address says nothing; a list or tuple of several.
        options: what can be chosen; None is any value of the default's type.
        low: the lowest number or day.
        high: the highest number or day.
        find: the option that another text of an address means, or None.
        always: whether the default has a place in the address, if it is anything at all.
    """
    key = f"chosen_{name}"
    values = Values(default, options, low, high, find)
    if _is_asked(name) or key not in st.session_state:
        st.session_state[key] = values.read(st.query_params.get_all(name))
    else:
        st.session_state[key] = values.heed(st.session_state[key])
    yield key
    chosen = st.session_state[key]
    if always and chosen is None:
        # What was asked for is no option: the page says so, and the address stays.
        st.session_state.setdefault(_WRITTEN, {})[name] = st.query_params.get_all(name)
        return
    # Nothing at all, where something is the default, is an empty text.
    _write(name, [] if chosen == default and not always else values.write(chosen) or [""])


def choose_tab(labels: Mapping[str, str]) -> str:
    """Draw tabs; the one that is open, which is the first unless the address says otherwise.

    Args:
        labels: in the visitor's language, by the names that the address has.
    """
    first = next(iter(labels))
    # Labels are what Streamlit keeps of tabs, and they change with the language.
    key = "tab_" + "_".join(labels.values())
    if _is_asked("tab") or key not in st.session_state:
        st.session_state[key] = labels.get(st.query_params.get("tab", ""), labels[first])
    st.tabs(list(labels.values()), key=key, on_change="rerun")
    chosen = next(name for name, label in labels.items() if label == st.session_state[key])
    _write("tab", [] if chosen == first else [chosen])
    return chosen


def ask_always(name: str, key: str, read: Callable[[str], str]) -> None:
    """Hand a widget what the address asks for, where that is something new.

    Args:
        name: what the address calls it; `say_always` writes it.
        key: of the widget.
        read: what the widget takes for a text of the address, which is empty where it has none.
    """
    asked = st.query_params.get(name)
    if key not in st.session_state or (asked is not None and _is_asked(name)):
        st.session_state[key] = read(asked or "")


def say_always(name: str, text: str) -> None:
    """Write into the address what it is to say whatever the visitor chose."""
    _write(name, [text])


def carried() -> dict[str, str]:
    """What the address of a page that is led to takes along from this one's."""
    return {name: st.query_params[name] for name in CARRIED if name in st.query_params}


def _is_asked(name: str) -> bool:
    """Whether the address says something else than the viewer wrote last: a link, or Back."""
    written: dict[str, list[str]] = st.session_state.setdefault(_WRITTEN, {})
    return written.get(name, []) != st.query_params.get_all(name)


def _write(name: str, texts: list[str]) -> None:
    st.session_state.setdefault(_WRITTEN, {})[name] = texts
    if texts == st.query_params.get_all(name):
        return
    if texts:
        st.query_params[name] = texts
    else:
        del st.query_params[name]


class Values:
    """Values of one choice, and their texts in the address."""

    def __init__(
        self,
        default: Any,
        options: Sequence[Any] | None,
        low: Any = None,
        high: Any = None,
        find: Callable[[str], Any] | None = None,
    ) -> None:
        self._default = default
        self._by_text = None if options is None else {_text(value): value for value in options}
        self._low, self._high = low, high
        self._find = find or (lambda text: None)
        self._has_several = isinstance(default, list | tuple)
        self._kind = type(default[0] if self._has_several and default else default)

    def read(self, texts: list[str]) -> Any:
        """What texts of an address ask for; the default where they ask for nothing that is."""
        found = [value for text in texts for value in self._parse(text)]
        if not found and not (texts == [""] and self._has_several):
            return self._default
        return type(self._default)(found) if self._has_several else found[0]

    def heed(self, value: Any) -> Any:
        """The value, or as much of it as is still among the options."""
        return self.read(self.write(value))

    def write(self, value: Any) -> list[str]:
        """The texts of a value."""
        return [_text(one) for one in (value if self._has_several else [value])]

    def _parse(self, text: str) -> list[Any]:
        if self._by_text is not None:
            meant = _text(self._find(text))
            return [self._by_text[one] for one in (text, meant) if one in self._by_text][:1]
        try:
            value = _PARSERS[self._kind](text)
        except ValueError:
            return []
        is_low = self._low is not None and value < self._low
        return [] if is_low or (self._high is not None and value > self._high) else [value]


_PARSERS: dict[type, Callable[[str], Any]] = {
    str: str,
    bool: lambda text: text == "1",
    int: int,
    float: float,
    dt.date: dt.date.fromisoformat,
}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(int(value))
    return f"{value:.15g}" if isinstance(value, float) else str(value)
