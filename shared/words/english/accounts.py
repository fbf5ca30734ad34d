"""Governance of an office, and accounts of its people: what is missing, what ends, what to do."""

from collections.abc import Mapping

ACCOUNTS: Mapping[str, str] = {
    "requirement.policy": "the policy, with its version and the hash of its text",
    "requirement.agreement": "an agreement about sharing arrests",
    "requirement.contact": "the address of who answers for the policy",
    "requirement.training": "the rule of who is trained in what, and how often",
    "barrier.policy": "read and accept your office's policy: in the console, or with PUT /v1/me/acknowledgement",
    "barrier.training": "your training is not on record or is over; take it, and ask a super-owner to record it",
    "barrier.contract": "your contract is over; if it goes on, ask a super-owner to record its new last day",
    "barrier.keeper": "this machine is let in when {keeper}, who answers for it, has done so",
    "not live.happened": "Your office is not live yet: something must be on record first.",
    "not live.to do": "have whoever operates this system record {requirement}",
    "entry.refused": "Something must be done before you can read anything.",
    "disabled.idle": "nobody signed in for 90 days",
    "disabled.training": "the training is not on record, or is over",
    "disabled.contract": "the contract is over",
    "disabled.ownerless": "nobody answers for the machine any more",
    "disabled.locked": "too many sign-ins failed",
    "disabled.detail": "This account is disabled: {reason}. Another super-owner of the office can open it again.",
}
