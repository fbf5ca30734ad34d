"""The JSON Schema of a profile, with which an editor completes and checks one:

python -m shared.feeds.profiles.json_schema > shared/feeds/profiles/profile.schema.json
"""

import json
import sys
from typing import Any

from shared.feeds.formats import FORMATS
from shared.feeds.profiles.layouts import OF_THE_AGENCY
from shared.feeds.profiles.model import Profile
from shared.feeds.record import FIELD_NAMES


def schema() -> str:
    document = Profile.model_json_schema()
    of_profile = document["$defs"].pop("Profile")
    properties: dict[str, Any] = of_profile["properties"]
    properties["format"]["enum"] = list(FORMATS)
    for key in ("columns", "cut"):
        properties[key]["propertyNames"] = {"enum": list(FIELD_NAMES)}
    of_layout = document["$defs"]["LayoutOfFile"]
    claim = document["$defs"].pop("FileClaim")["properties"]
    of_layout["properties"] = claim | {"join": of_layout["properties"]["join"]}
    of_layout["properties"] |= {key: value for key, value in properties.items() if key not in OF_THE_AGENCY}
    del of_layout["required"]
    document |= {key: value for key, value in of_profile.items() if key != "required"}
    document["required"] = [key for key in of_profile["required"] if key != "format"]  # each layout may have its own
    del document["$ref"]
    return json.dumps({"$schema": "https://json-schema.org/draft/2020-12/schema", **document}, indent=1) + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema())
