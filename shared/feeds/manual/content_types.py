"""Which files a person may upload: the content type by the ending of the file's name, and the largest size."""

MAX_UPLOAD_BYTES = 512 << 20
CONTENT_TYPES = {
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "psv": "text/plain",
    "txt": "text/plain",
    "json": "application/json",
    "ndjson": "application/x-ndjson",
    "xml": "application/xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ebts": "application/octet-stream",
    "eft": "application/octet-stream",
    "an2": "application/octet-stream",
    "zip": "application/zip",
    "gz": "application/gzip",
}


def content_type_of(file: str) -> str | None:
    """Returns None for a file that may not be uploaded."""
    return CONTENT_TYPES.get(file.rpartition(".")[2].lower()) if "." in file else None
