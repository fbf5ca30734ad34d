"""CodeDeploy's resources are taken in, and an alias moves at once: nothing here sends a tenth of the requests anywhere.

What they say is asserted on the template (`tests/infra/test_releases.py`).
"""

from typing import Any

from ministack.services.cloudformation import provisioners

Properties = dict[str, Any]


def install() -> None:
    for kind in ("Application", "DeploymentGroup"):
        provisioners._RESOURCE_HANDLERS[f"AWS::CodeDeploy::{kind}"] = {
            "create": lambda logical_id, _properties, *_rest: (logical_id, {}),
            "update": lambda physical_id, *_rest: (physical_id, {}),
            "delete": lambda *_rest: None,
        }
