"""The words that agencies commonly write for an outcome and for bail. A profile's `codes` add to them and win."""

from collections.abc import Mapping

from shared.arrests.court import BailKind, ChargeOutcome

OUTCOMES: Mapping[str, ChargeOutcome] = {outcome.upper(): outcome for outcome in ChargeOutcome} | {
    "CONVICTION": ChargeOutcome.CONVICTED,
    "CONVICTED AFTER TRIAL": ChargeOutcome.CONVICTED,
    "FOUND GUILTY": ChargeOutcome.CONVICTED,
    "GUILTY VERDICT": ChargeOutcome.CONVICTED,
    "PLED GUILTY": ChargeOutcome.PLEADED_GUILTY,
    "PLEAD GUILTY": ChargeOutcome.PLEADED_GUILTY,
    "PLEA OF GUILTY": ChargeOutcome.PLEADED_GUILTY,
    "GUILTY PLEA": ChargeOutcome.PLEADED_GUILTY,
    "NOLO CONTENDERE": ChargeOutcome.PLEADED_GUILTY,
    "PLED TO LESSER": ChargeOutcome.PLEADED_TO_LESSER,
    "PLEADED TO LESSER": ChargeOutcome.PLEADED_TO_LESSER,
    "PLED GUILTY TO LESSER CHARGE": ChargeOutcome.PLEADED_TO_LESSER,
    "ACQUITTAL": ChargeOutcome.ACQUITTED,
    "FOUND NOT GUILTY": ChargeOutcome.ACQUITTED,
    "NOT GUILTY BY REASON OF INSANITY": ChargeOutcome.ACQUITTED,
    "NOT RESPONSIBLE BY REASON OF MENTAL DISEASE OR DEFECT": ChargeOutcome.ACQUITTED,
    "DISMISSAL": ChargeOutcome.DISMISSED,
    "DISM": ChargeOutcome.DISMISSED,
    "NOLLE PROSEQUI": ChargeOutcome.DISMISSED,
    "NOL PROS": ChargeOutcome.DISMISSED,
    "DECLINED": ChargeOutcome.DECLINED,
    "DECLINED PROSECUTION": ChargeOutcome.DECLINED,
    "DECLINED TO PROSECUTE": ChargeOutcome.DECLINED,
    "ACD": ChargeOutcome.ADJOURNED,
    "ACOD": ChargeOutcome.ADJOURNED,
    "COVERED BY PLEA": ChargeOutcome.COVERED,
    "DIVERSION": ChargeOutcome.DIVERTED,
    "TRANSFERRED": ChargeOutcome.TRANSFERRED,
    "SET ASIDE": ChargeOutcome.VACATED,
}
"""`GUILTY` and `NOT GUILTY` are left out: they may be pleas. A profile whose column holds verdicts names them. Of an
acquittal for reasons of health the reason is not told."""
BAIL_KINDS: Mapping[str, BailKind] = {kind.upper(): kind for kind in BailKind} | {
    "CASH ONLY": BailKind.CASH,
    "SURETY": BailKind.BOND,
    "SURETY BOND": BailKind.BOND,
    "INSURANCE COMPANY BOND": BailKind.BOND,
    "CASH OR BOND": BailKind.BOND,
    "CASH/BOND": BailKind.BOND,
    "CASH OR SURETY": BailKind.BOND,
    "CASH/SURETY": BailKind.BOND,
    "UNSECURED": BailKind.UNSECURED,
    "ROR": BailKind.RECOGNIZANCE,
    "PR": BailKind.RECOGNIZANCE,
    "PR BOND": BailKind.RECOGNIZANCE,
    "RECOGNIZANCE": BailKind.RECOGNIZANCE,
    "RELEASED ON OWN RECOGNIZANCE": BailKind.RECOGNIZANCE,
    "REMAND": BailKind.REMANDED,
    "HELD WITHOUT BAIL": BailKind.REMANDED,
    "HELD WITHOUT BOND": BailKind.REMANDED,
    "NO BOND": BailKind.NO_BAIL,
}
