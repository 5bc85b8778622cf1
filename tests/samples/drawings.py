"""Reads drawings back: charts are parsed as XML, so a broken or unescaped one fails by itself."""

from __future__ import annotations

from xml.etree import ElementTree


def parse(markup: str) -> ElementTree.Element:
    """The drawing as a tree."""
    return ElementTree.fromstring(f"<root>{markup}</root>")


def classes(element: ElementTree.Element) -> set[str]:
    """The classes of an element."""
    return set(element.get("class", "").split())


def with_class(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    """Every element of that class."""
    return [element for element in root.iter() if name in classes(element)]


def texts(root: ElementTree.Element) -> list[str]:
    """The text of every element that has some."""
    return [element.text for element in root.iter() if element.text]


def percent(value: str | None) -> float:
    """The number of `12.5%`."""
    assert value is not None
    assert value.endswith("%")
    return float(value[:-1])
