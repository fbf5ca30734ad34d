"""How large an item of DynamoDB may be, and how DynamoDB says that one is too large. It counts bytes of UTF-8, names of
attributes included (Amazon DynamoDB Developer Guide, "Quotas", "Item sizes and formats").
"""

MAX_ITEM_BYTES = 400 * 1024
_ROOM_FOR_ATTRIBUTES = 20 * 1024  # keys, numbers and instants beside the document
MAX_DOCUMENT_BYTES = MAX_ITEM_BYTES - _ROOM_FOR_ATTRIBUTES


def fits(document: str) -> bool:
    """Whether the document can be stored as one attribute of an item."""
    return len(document.encode()) <= MAX_DOCUMENT_BYTES


def is_too_large(error: BaseException) -> bool:
    """Whether DynamoDB refused to put, to update or to transact because an item would be too large."""
    answer = getattr(error, "response", None) or {}
    texts = [answer.get("Error", {}), *answer.get("CancellationReasons", [])]
    return any("item size" in str(text.get("Message", "")).casefold() for text in texts)
