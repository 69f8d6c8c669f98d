"""Bodies in XML."""

from typing import Any, Dict, List
from xml.etree import ElementTree

from ..faults import UNKNOWN, Fault
from ..models import item_path, member_path
from .scalars import read_text


class XmlReader:
    """Reads an element by its shape; ``faults`` collects what the shape has not."""

    def __init__(self, faults: List[Fault]) -> None:
        self._faults = faults

    def read(self, shape: Any, element: ElementTree.Element, path: str) -> Any:
        kind = shape.type_name
        if kind == "structure":
            return self.members(shape, element, path, {})
        if kind == "list":
            return self._items(shape, list(element), path)
        if kind == "map":
            return self._map(shape, list(element), path)
        return read_text(shape, element.text, path, self._faults)

    def members(
        self, shape: Any, element: ElementTree.Element, path: str, into: Dict[str, Any]
    ) -> Dict[str, Any]:
        """Adds the members of an element to ``into``."""
        wire = {
            _element_name(name, member): (name, member)
            for name, member in shape.members.items()
            if "location" not in member.serialization
            and not member.serialization.get("xmlAttribute")
        }
        for tag, elements in _grouped(element).items():
            if tag not in wire:
                fault = Fault(UNKNOWN, member_path(path, tag), None, "is not known")
                self._faults.append(fault)
                continue
            name, member = wire[tag]
            place = member_path(path, name)
            flattened = member.serialization.get("flattened")
            if member.type_name == "list" and flattened:
                into[name] = [
                    self.read(member.member, item, item_path(place, index))
                    for index, item in enumerate(elements)
                ]
            elif member.type_name == "map" and flattened:
                into[name] = self._map(member, elements, place)
            else:
                into[name] = self.read(member, elements[-1], place)
        self._attributes(shape, element, into)
        return into

    def _attributes(
        self, shape: Any, element: ElementTree.Element, into: Dict[str, Any]
    ) -> None:
        for name, member in shape.members.items():
            if member.serialization.get("xmlAttribute"):
                wanted = member.serialization["name"].partition(":")[2]
                found = [v for k, v in element.attrib.items() if _local(k) == wanted]
                into.update({name: found[0]} if found else {})

    def _items(self, shape: Any, elements: List[ElementTree.Element], path: str) -> Any:
        wanted = shape.member.serialization.get("name", "member")
        items = []
        for index, element in enumerate(elements):
            if _local(element.tag) != wanted:
                place = member_path(path, _local(element.tag))
                self._faults.append(Fault(UNKNOWN, place, None, "is not known"))
                continue
            items.append(self.read(shape.member, element, item_path(path, index)))
        return items

    def _map(self, shape: Any, entries: List[ElementTree.Element], path: str) -> Any:
        key_name = shape.key.serialization.get("name", "key")
        value_name = shape.value.serialization.get("name", "value")
        value: Dict[str, Any] = {}
        for entry in entries:
            parts = {_local(part.tag): part for part in entry}
            if key_name not in parts or value_name not in parts:
                self._faults.append(Fault(UNKNOWN, path, None, "is not known"))
                continue
            key = parts[key_name].text or ""
            value[key] = self.read(
                shape.value, parts[value_name], "%s.%s.member" % (path, key)
            )
        return value


def _element_name(name: str, member: Any) -> str:
    if member.type_name == "list" and member.serialization.get("flattened"):
        item = member.member.serialization.get("name")
        if item is not None:
            return item
    return member.serialization.get("name", name)


def _grouped(element: ElementTree.Element) -> Dict[str, List[ElementTree.Element]]:
    found: Dict[str, List[ElementTree.Element]] = {}
    for child in element:
        found.setdefault(_local(child.tag), []).append(child)
    return found


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
