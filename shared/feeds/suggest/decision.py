"""What is decided about a sample, with the evidence. The steps of `decide_profile.py` fill it in."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.feeds.layout import Cut
from shared.feeds.suggest.columns.assign_columns import Assignment
from shared.feeds.suggest.columns.column_evidence import ColumnEvidence
from shared.feeds.suggest.meanings.arrest_keys import KeyEvidence
from shared.feeds.suggest.meanings.codes import CodeMap
from shared.feeds.suggest.meanings.dates import DateDecision, decide_dates
from shared.feeds.suggest.samples.sample_table import SampleTable


@dataclass
class ProfileDecision:
    """`assignments` has one for each column, in the order of the file; `fields` maps our fields to columns.

    `keys` are the measured candidates for the number of an arrest, by column. `names` are keys of a profile's `names`.
    """

    table: SampleTable
    assignments: list[Assignment]
    evidence: Mapping[str, ColumnEvidence]
    is_jail: bool
    has_names: bool  # of columns, which the agency gives
    fields: dict[str, list[str]] = field(default_factory=dict)
    cut: dict[str, Cut] = field(default_factory=dict)
    dates: DateDecision = field(default_factory=lambda: decide_dates({}, None))
    codes: dict[str, CodeMap] = field(default_factory=dict)
    charges: str = "row per arrest"
    charge_separator: str = ""
    arrest_key: list[str] = field(default_factory=list)
    keys: dict[str, KeyEvidence] = field(default_factory=dict)
    event: str = "arrest"
    names: dict[str, str] = field(default_factory=dict)

    def evidence_of(self, name: str) -> ColumnEvidence | None:
        """Of the first column of a field."""
        return self.evidence[self.fields[name][0]] if self.fields.get(name) else None

    @property
    def has_paths(self) -> bool:
        return self.table.has_paths

    def columns_of(self, field_name: str) -> list[str]:
        """The columns that were assigned to a field or to a claim that is no field."""
        return [assignment.column for assignment in self.assignments if assignment.field == field_name]
