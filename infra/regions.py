"""The regions of AWS that an environment may lie in.

CJIS Security Policy 6.0, SC-28 and SC-13: criminal justice information stays in the United States, and is encrypted by
modules validated under FIPS 140. So these are the regions in the US in which every service that the product calls has a
FIPS endpoint. us-gov-east-1 is not among them: the SDK's endpoint data has no FIPS endpoint of Cognito there.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Region:
    """partition: the second word of each ARN there. has_budgets: AWS Budgets is in no region of GovCloud.

    has_snap_start: "all commercial regions" but two in Asia, so none of GovCloud (Lambda Developer Guide, "Improving
    startup performance with Lambda SnapStart", Supported Regions).
    """

    name: str
    partition: str
    has_budgets: bool
    has_snap_start: bool

    @property
    def is_government(self) -> bool:
        return self.partition == GOVERNMENT


COMMERCIAL, GOVERNMENT = "aws", "aws-us-gov"
REGIONS = {
    region.name: region
    for region in (
        *(
            Region(name=name, partition=COMMERCIAL, has_budgets=True, has_snap_start=True)
            for name in ("us-east-1", "us-east-2", "us-west-1", "us-west-2")
        ),
        Region(name="us-gov-west-1", partition=GOVERNMENT, has_budgets=False, has_snap_start=False),
    )
}


class UnknownRegionError(ValueError):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"the product cannot lie in the region {name!r}: choose one of {', '.join(REGIONS)}. They are in the "
            "United States, and every service that it calls has a FIPS endpoint there (infra/regions.py)"
        )


def region_named(name: str) -> Region:
    """Raises UnknownRegionError."""
    if name not in REGIONS:
        raise UnknownRegionError(name)
    return REGIONS[name]
