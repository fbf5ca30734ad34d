"""What a caller must see to before anything is read, in words: an office that is not live, the person's own barriers,
or an account that is disabled."""

from http import HTTPStatus

from pydantic import BaseModel

from shared.office_api.answers.problems import FieldProblem, RefusalError
from shared.office_api.gate.authentication import SignedIn
from shared.offices.users import User
from shared.words import words


class EntryProblem(BaseModel):
    """`about` is `governance` of the office, or `policy`, `training` or `contract` of the person."""

    about: str
    mend: str


def entry_problems(by: SignedIn) -> list[EntryProblem]:
    """Empty for who may enter."""
    requirements = () if by.office.live else by.office.governance.missing
    problems = [
        EntryProblem(about="governance", mend=words("not live.to do", requirement=words(f"requirement.{requirement}")))
        for requirement in requirements
    ]
    return [*problems, *(_barrier_problem(barrier, by.user) for barrier in sorted(by.barriers))]


def _barrier_problem(barrier: str, user: User) -> EntryProblem:
    mend = words(f"barrier.{barrier}")
    if user.machine and user.machine.keeper:
        mend = words("barrier.keeper", keeper=user.machine.keeper)
    return EntryProblem(about=barrier, mend=mend)


def entry_refusal(by: SignedIn) -> RefusalError | None:
    """403 that says what to do; None for who may enter."""
    if by.user.disabled and not by.user.removed:
        reason = words(f"disabled.{by.user.disabled.reason}")
        problem = FieldProblem(field="account", mend=reason)
        return RefusalError(HTTPStatus.FORBIDDEN, words("disabled.detail", reason=reason), [problem])
    problems = [FieldProblem(field=problem.about, mend=problem.mend) for problem in entry_problems(by)]
    if not problems:
        return None
    detail = words("entry.refused") if by.office.live else words("not live.happened")
    return RefusalError(HTTPStatus.FORBIDDEN, detail, problems)
