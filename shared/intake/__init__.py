"""Takes a drop in: read and judge the whole file, store its arrests, hand the agency a receipt and its rejects.

`contract` says where it reads and writes, `taking` is the way of a drop, `storing` and `answering` are its ends. A
large drop goes by `sharing`: `workbench` is what its workers hand on, `closing` its one receipt."""

from shared.domain.drops import Drop
from shared.domain.receipts import Receipt, State
from shared.intake.answering import not_taken, receipt_of, rejects_file
from shared.intake.contract import Intake, Sharing, Step, Task
from shared.intake.sharing import work_on
from shared.intake.taking import read, take_in

__all__ = [
    "Drop",
    "Intake",
    "Receipt",
    "Sharing",
    "State",
    "Step",
    "Task",
    "not_taken",
    "read",
    "receipt_of",
    "rejects_file",
    "take_in",
    "work_on",
]
