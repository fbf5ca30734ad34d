"""Feed formats: one module each. `shared/feeds/README.md` shows how to add one."""

from collections.abc import Mapping

from shared.feeds.formats import ebts, nibrs
from shared.feeds.formats.format import Format
from shared.feeds.formats.json_text import json_array, ndjson
from shared.feeds.formats.niem import json_tree as niem_json
from shared.feeds.formats.niem import xml_document as niem_xml
from shared.feeds.formats.tabular import delimited, fixed_width, xlsx
from shared.feeds.formats.vendor_xml import document as vendor_xml
from shared.feeds.formats.workbooks import ods, xls

FORMATS: Mapping[str, Format] = {
    "delimited": delimited,
    "ebts": ebts,
    "fixed-width": fixed_width,
    "json": json_array,
    "ndjson": ndjson,
    "nibrs": nibrs,
    "niem-json": niem_json,
    "niem-xml": niem_xml,
    "ods": ods,
    "xls": xls,
    "xlsx": xlsx,
    "xml": vendor_xml,
}
