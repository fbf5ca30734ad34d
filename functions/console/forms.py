"""What a browser sends with a form: the fields of `application/x-www-form-urlencoded` or `multipart/form-data`."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl

LARGEST = 6_000_000  # bytes; Lambda takes no larger request
MOST_FIELDS = 2_000
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
    boundary = _BOUNDARY.search(kind)
    if boundary is None or body.count(b"--" + boundary[1].encode(errors="replace")) > MOST_FIELDS:
        raise UnreadableFormError("The form has no fields, or more than any page. Go back and send the form again.")
    message = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
    pairs: list[tuple[str, str]] = []
    files: dict[str, UploadedFile] = {}
    for part in message.iter_parts() if message.is_multipart() else ():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(content, bytes):
            continue
        if (file_name := part.get_filename()) is not None:
            files[name] = UploadedFile(file_name, content)
        else:
            pairs.append((name, content.decode(errors="replace")))
    return Form(_grouped(pairs), files)
