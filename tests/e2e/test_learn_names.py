"""What counts names once a week, as it is deployed: with its own role, on tables that others fill."""

import json

from shared.matching.agency_reference_table import AgencyReferenceTable
from shared.matching.linkage.agency_frequencies import LiveNames
from tests.e2e.rosters import roster, row
from tests.e2e.scene import Scene


def test_every_agency_that_sent_something_is_looked_at_and_few_persons_leave_the_census_in_force(scene: Scene) -> None:
    product, agency = scene.product, scene.agency()
    product.receipt(product.drop(agency, "day.csv", roster(row("BK-1", **scene.pat))))
    answer = product.cloud.client("lambda").invoke(FunctionName=product.outputs["LearnNamesFunction"])
    learned = json.loads(answer["Payload"].read())
    assert "FunctionError" not in answer, learned
    assert learned["agencies"] >= 1
    assert learned["counted"] == 0
    dynamodb = product.cloud.client("dynamodb")
    assert AgencyReferenceTable(dynamodb, product.outputs["OfficesTable"]).live_names(agency) == LiveNames()
