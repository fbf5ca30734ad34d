"""An office from one file: first what would be done, then that. It makes and changes; it takes nothing away, and of
what is stored and stands in no file it says that it stays. Run again, it does what is left to do."""

from shared.setting_up.contract import Does, Plan, SettingUp, Step
from shared.setting_up.planning import planned

__all__ = ["Does", "Plan", "SettingUp", "Step", "planned"]
