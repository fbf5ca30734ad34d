"""The JSON Schema of a profile, with which an editor completes and checks one:

python -m shared.feeds.profiles.json_schema > shared/feeds/profiles/profile.schema.json
"""

import json
import sys

from shared.feeds.formats import FORMATS
from shared.feeds.profiles.model import Profile
from shared.feeds.record import FIELD_NAMES


def schema() -> str:
    document = Profile.model_json_schema()
    document["properties"]["format"]["enum"] = list(FORMATS)
    for key in ("columns", "cut"):
        document["properties"][key]["propertyNames"] = {"enum": list(FIELD_NAMES)}
    return json.dumps({"$schema": "https://json-schema.org/draft/2020-12/schema", **document}, indent=1) + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema())
