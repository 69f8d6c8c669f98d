"""Forms: the query protocol, and EC2's variant of it."""

from functools import lru_cache
from typing import Any, Dict, List, Tuple
from urllib.parse import parse_qsl

from ..faults import TYPE, UNKNOWN, Fault
from ..models import item_path, member_path
from .scalars import cannot_be, read_text

# What every request may have beside its parameters: the call itself, and the signature of a presigned one.
COMMON = {"Action", "Version", "AWSAccessKeyId", "Signature", "SignatureMethod", "SignatureVersion"}
COMMON |= {"Timestamp", "Expires", "SecurityToken"}
# The text of a key that is itself a prefix of others stands under this one.
TEXT = ""


def read(
    service: str, shape: Any, environ: Dict[str, Any], body: bytes, faults: List[Fault]
) -> Any:
    """The parameters of a form, in the body or in the query string."""
    pairs = parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    pairs += parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    tree: Dict[str, Any] = {}
    for key, text in pairs:
        if key in COMMON or key.startswith("X-Amz-"):
            continue
        node = tree
        for part in key.split("."):
            node = node.setdefault(part, {})
        node[TEXT] = text
    reader = _Ec2Reader(faults) if service == "ec2" else _Reader(faults)
    return reader.structure(shape, tree, "")


class _Reader:
    """Reads a tree of the keys' parts by a shape."""

    def __init__(self, faults: List[Fault]) -> None:
        self._faults = faults

    def read(self, shape: Any, node: Dict[str, Any], path: str) -> Any:
        kind = shape.type_name
        if kind == "structure":
            return self.structure(shape, node, path)
        if kind == "list":
            return self.list(shape, node, path)
        if kind == "map":
            return self._map(shape, node, path)
        for part in node:
            if part != TEXT:
                self._unknown(path + "." + part)
        return read_text(shape, node.get(TEXT), path, self._faults)

    def structure(self, shape: Any, node: Dict[str, Any], path: str) -> Any:
        wire = self.members(shape)
        value: Dict[str, Any] = {}
        for part, child in node.items():
            if part == TEXT:
                if child:
                    self._faults.append(Fault(TYPE, path, child, cannot_be(child, "structure")))
            elif part not in wire:
                self._unknown(member_path(path, part))
            else:
                name, member = wire[part]
                value[name] = self.read(member, child, member_path(path, name))
        return value

    def members(self, shape: Any) -> Dict[str, Tuple[str, Any]]:
        return _members(shape)

    def list(self, shape: Any, node: Dict[str, Any], path: str) -> Any:
        if node.get(TEXT) == "" and len(node) == 1:
            return []
        if not shape.serialization.get("flattened"):
            wrapper = shape.member.serialization.get("name", "member")
            for part in node:
                if part != wrapper:
                    self._unknown(path + "." + part)
            node = node.get(wrapper, {})
        return self.items(shape, node, path)

    def items(self, shape: Any, node: Dict[str, Any], path: str) -> Any:
        return [
            self.read(shape.member, child, item_path(path, index))
            for index, child in enumerate(self._in_order(node, path))
        ]

    def _map(self, shape: Any, node: Dict[str, Any], path: str) -> Any:
        if not shape.serialization.get("flattened"):
            for part in node:
                if part != "entry":
                    self._unknown(path + "." + part)
            node = node.get("entry", {})
        key_name = shape.key.serialization.get("name", "key")
        value_name = shape.value.serialization.get("name", "value")
        value: Dict[str, Any] = {}
        for entry in self._in_order(node, path):
            for part in entry:
                if part not in (key_name, value_name):
                    self._unknown(path + "." + part)
            key = entry.get(key_name, {}).get(TEXT, "")
            child = entry.get(value_name, {})
            value[key] = self.read(shape.value, child, "%s.%s.member" % (path, key))
        return value

    def _in_order(self, node: Dict[str, Any], path: str) -> List[Dict[str, Any]]:
        for part in node:
            if not part.isdigit():
                self._unknown(path + ("." + part if part else ""))
        return [node[part] for part in sorted(filter(str.isdigit, node), key=int)]

    def _unknown(self, path: str) -> None:
        self._faults.append(Fault(UNKNOWN, path, None, "is not known"))


class _Ec2Reader(_Reader):
    """EC2 has names of its own, and lists without a wrapper."""

    def members(self, shape: Any) -> Dict[str, Tuple[str, Any]]:
        return _ec2_members(shape)

    def list(self, shape: Any, node: Dict[str, Any], path: str) -> Any:
        return self.items(shape, node, path)


@lru_cache(maxsize=None)
def _members(shape: Any) -> Dict[str, Tuple[str, Any]]:
    wire = {}
    for name, member in shape.members.items():
        key = member.serialization.get("name", name)
        if member.type_name == "list" and member.serialization.get("flattened"):
            key = member.member.serialization.get("name", key)
        wire[key] = (name, member)
    return wire


@lru_cache(maxsize=None)
def _ec2_members(shape: Any) -> Dict[str, Tuple[str, Any]]:
    wire = {}
    for name, member in shape.members.items():
        key = member.serialization.get("queryName")
        if key is None:
            key = member.serialization.get("name", name)
            key = key[0].upper() + key[1:]
        wire[key] = (name, member)
    return wire
