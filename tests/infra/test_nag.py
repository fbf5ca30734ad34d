import pytest

from tests.infra.template import Assembly


@pytest.mark.parametrize("name", ["dev", "prod", "gov"])
def test_what_reaches_aws_is_clean_under_both_rule_books(assemblies: dict[str, Assembly], name: str):
    assert assemblies[name].judges == ["AwsSolutions", "NIST.800.53.R5"]
    assert assemblies[name].findings == []
