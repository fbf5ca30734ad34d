"""What a browser sends with a form: the fields of `application/x-www-form-urlencoded` or `multipart/form-data`."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.parser import HeaderParser
from email.policy import compat32
from typing import Any
from urllib.parse import parse_qsl

LARGEST = 6_000_000  # bytes; Lambda takes no larger request
MOST_FIELDS = 2_000
LONGEST_HEAD = 4_000  # bytes: what precedes the content of one field of a form with files
CSRF, KEY, ETAG = "csrf", "form-key", "etag"  # the hidden fields of every form


class UnreadableFormError(ValueError):
    """The body is no form, or a larger one than any page has."""


@dataclass(frozen=True)
class UploadedFile:
    name: str
    content: bytes


@dataclass(frozen=True)
class Form:
    """The fields by name, each with all its values, in the order of the page."""

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: Mapping[str, UploadedFile] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The first value without blanks around it; "" if the field is missing."""
        return next(iter(self.fields.get(name, ())), "").strip()

    def texts(self, name: str) -> list[str]:
        """Every value that is not blank: what was ticked, or written in fields of one name."""
        return [value.strip() for value in self.fields.get(name, ()) if value.strip()]

    @property
    def key(self) -> str:
        """Drawn when the page was made: the same form sent twice has the same key."""
        return self.text(KEY)

    @property
    def etag(self) -> str:
        return self.text(ETAG)


def form_of(event: Mapping[str, Any]) -> Form:
    """Raises UnreadableFormError."""
    text = event.get("body") or ""
    body = base64.b64decode(text) if event.get("isBase64Encoded") else text.encode()
    if len(body) > LARGEST:
        raise UnreadableFormError("The form is larger than 6 MB. Send a smaller file.")
    kind = (event.get("headers") or {}).get("content-type", "")
    if kind.startswith("application/x-www-form-urlencoded"):
        return Form(_grouped(_pairs(body)))
    if kind.startswith("multipart/form-data"):
        return _multipart(kind, body)
    if not body:
        return Form()
    raise UnreadableFormError("The page could not read what your browser sent. Go back and send the form again.")


def _pairs(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError as error:
        raise UnreadableFormError("The form holds characters or fields that cannot be read. Send it again.") from error


def _grouped(pairs: list[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    grouped: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        grouped[name] = (*grouped.get(name, ()), value)
    return grouped


_BOUNDARY = re.compile(r'boundary="?([^";\s]+)')


def _multipart(kind: str, body: bytes) -> Form:
    """RFC 7578. The body is cut here and the head of each field is short: the standard library's parser of mail takes
    hours for one long head, and gives up at brackets within brackets."""
    boundary = _BOUNDARY.search(kind)
    delimiter = b"\r\n--" + boundary[1].encode(errors="replace") if boundary else b""
    if not delimiter or body.count(delimiter) > MOST_FIELDS:
        raise UnreadableFormError("The form has no fields, or more than any page. Go back and send the form again.")
    pairs: list[tuple[str, str]] = []
    files: dict[str, UploadedFile] = {}
    for part in (b"\r\n" + body).split(delimiter)[1:]:
        head, _, content = part.partition(b"\r\n\r\n")
        name, file_name = _names_in(head)
        if file_name is not None:
            files[name] = UploadedFile(file_name, content)
        elif name:
            pairs.append((name, content.decode(errors="replace")))
    return Form(_grouped(pairs), files)


def _names_in(head: bytes) -> tuple[str, str | None]:
    """The names of a field and of its file: "" for what has no name, such as the end of the form, and None where there
    is no file."""
    if len(head) > LONGEST_HEAD:
        raise UnreadableFormError("A name in the form is too long. Give the file a shorter name and send it again.")
    fields = HeaderParser(policy=compat32).parsestr(head.decode(errors="replace").lstrip())
    name = fields.get_param("name", "", header="content-disposition")
    return (name, fields.get_filename()) if isinstance(name, str) and name else ("", None)
