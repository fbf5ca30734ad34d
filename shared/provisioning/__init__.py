"""An office from one file: first what would be done, then that. It makes and changes; it takes nothing away, and of
what is stored and stands in no file it says that it stays. Run again, it does what is left to do."""

from shared.provisioning.build_plan import build_plan
from shared.provisioning.plan import PlanAction, PlanStep, ProvisioningDeps, ProvisioningPlan

__all__ = ["PlanAction", "PlanStep", "ProvisioningDeps", "ProvisioningPlan", "build_plan"]
