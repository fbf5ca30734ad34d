"""`enrol-agency`: an agency's profile, from one YAML file. `enrol-user`: a user of an office.

An office with everything that belongs to it is set up by `set-up`.
"""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

import boto3

from functions.cli.command import Arguments, Command
from functions.cli.deployment import operator_arn, outputs_of
from functions.cli.governance_file import read_governance
from shared.errors import Rejected
from shared.feeds.profiles.enrolment import AgencyEnrolment, FeedGovernance, names_seals, permits_seals
from shared.feeds.profiles.minors import ProfileConfirmation, cannot_tell_minors, check_confirmed, text_hash_of
from shared.feeds.profiles.parse import parse_profile
from shared.feeds.profiles.table import AgenciesTable
from shared.feeds.suggest.write_profile import ASKED
from shared.offices.accounts import Accounts
from shared.offices.governance.model import Governance
from shared.offices.governance.standing import missing_for_access
from shared.offices.model import Office
from shared.offices.table import OfficesTable
from shared.offices.users import AccountState, Right, User
from shared.offices.users_table import UsersTable
from shared.provisioning.office_file import OfficeFileError
from shared.words import words


def add_agency_arguments(parser: argparse.ArgumentParser) -> None:
    permission = parser.add_mutually_exclusive_group()
    permission.add_argument(
        "--seals-by-feed", metavar="DOCUMENT", help="the agency permits its feed to seal and expunge, in this document"
    )
    permission.add_argument(
        "--no-seals-by-feed", metavar="DOCUMENT", help="the agency withdraws that permission, in this document"
    )
    parser.add_argument(
        "--governance",
        type=Path,
        metavar="RECORD",
        help="YAML of policy, contact and training, as an entry of `feeds` in tests/demo/office.yaml has them",
    )
    add_profile_argument(parser)


def add_profile_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="YAML like shared/feeds/profiles/roster.yaml")


def run_enrol_agency(args: Arguments) -> int:
    """1 when the profile cannot be taken, or waits for a second person; nothing is stored then."""
    text = args.file.read_text(encoding="utf-8")
    outputs = outputs_of(args.stack)
    agencies = AgenciesTable(boto3.client("dynamodb"), outputs["AgenciesTable"])
    try:
        profile = parse_profile(text)
        confirmation = agencies.confirmation(profile.agency, text)
        if agencies.text(profile.agency) != text:
            check_confirmed(profile, confirmation, operator_arn())
    except Rejected as refusal:
        print(f"{args.file}: {refusal.reason} {refusal.fix}", file=sys.stderr)
        return 1
    try:
        governance = read_governance(args.governance) if args.governance else None
    except OfficeFileError as refusal:
        print(
            "\n".join(
                ": ".join(filter(None, (str(args.governance), ".".join(map(str, path)), fix)))
                for path, fix in refusal.faults
            ),
            file=sys.stderr,
        )
        return 1
    agencies.await_governance(profile.agency)
    live = agencies.enrol(profile.agency, text, confirmation=confirmation)
    if governance:
        _record_governance(profile.agency, governance, agencies)
    if missing := agencies.missing_before_live(profile.agency):
        requirements = "; ".join(words(f"requirement.{requirement}") for requirement in missing)
        print(f"{profile.agency}: not live: its files are held until this is on record: {requirements}")
    if document := args.seals_by_feed or args.no_seals_by_feed:
        agencies.record_enrolment(_enrolment(profile.agency, document, seals_by_feed=bool(args.seals_by_feed)))
    if names_seals(profile) and not permits_seals(agencies.seal_permission(profile.agency), profile):
        print(f"{profile.agency}: its seals are rejected until --seals-by-feed names the agency's permission")
    if questions := text.count(f"# {ASKED} "):
        print(
            f"{profile.agency}: questions in its profile that nobody has answered, at # {ASKED}: {questions}",
            file=sys.stderr,
        )
    print(
        f"{profile.agency}: enrolled, profile version {live.version}; "
        f"its drops go to s3://{outputs['FeedsBucket']}/{profile.agency}/in/"
    )
    return 0


def _record_governance(agency: str, governance: Governance, agencies: AgenciesTable) -> None:
    """The agreement comes with the file of the office that made it (`set-up`)."""
    stored = agencies.governance(agency) or FeedGovernance(agency=agency, waits=False)
    merged = governance.model_copy(update={"agreement": stored.governance.agreement})
    agencies.record_governance(stored.model_copy(update={"governance": merged}))


def _enrolment(agency: str, document: str, *, seals_by_feed: bool) -> AgencyEnrolment:
    return AgencyEnrolment(
        agency=agency,
        seals_by_feed=seals_by_feed,
        document=document,
        recorded_by=operator_arn(),
        recorded_at=datetime.now(UTC),
    )


def run_confirm_profile(args: Arguments) -> int:
    """1 when the text is no profile."""
    text = args.file.read_text(encoding="utf-8")
    try:
        profile = parse_profile(text)
    except Rejected as refusal:
        print(f"{args.file}: {refusal.reason} {refusal.fix}", file=sys.stderr)
        return 1
    confirmation = ProfileConfirmation(
        agency=profile.agency,
        text_hash=text_hash_of(text),
        confirmed_by=operator_arn(),
        confirmed_at=datetime.now(UTC),
    )
    AgenciesTable(boto3.client("dynamodb"), outputs_of(args.stack)["AgenciesTable"]).record_confirmation(confirmation)
    follows = "somebody else now enrols this very file"
    if not cannot_tell_minors(profile):
        follows = "its profile reads ages, so it can be enrolled without"
    print(f"{profile.agency}: confirmed that its feed names no minors; {follows}")
    return 0


def add_user_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--right", action="append", default=[], choices=list(Right), help="may be repeated; without one, folders only"
    )
    parser.add_argument("office", metavar="OFFICE", help="the office_id")
    parser.add_argument("email", metavar="EMAIL", help="the address that the user signs in with")


def run_enrol_user(args: Arguments) -> int:
    """1 when the office does not know the address's domain, or when the address belongs to a machine."""
    outputs, dynamodb = outputs_of(args.stack), boto3.client("dynamodb")
    office = OfficesTable(dynamodb, outputs["OfficesTable"]).office(args.office)
    if office is None:
        print(f"there is no office {args.office}; `arrest-alert set-up` makes it", file=sys.stderr)
        return 1
    if not office.allows(args.email):
        print(f"{args.email} lies outside the domains of {args.office}: allowed_domains of its file", file=sys.stderr)
        return 1
    users = UsersTable(dynamodb, outputs["SubscriptionsTable"])
    before = users.find(args.office, args.email)
    if before and before.machine:
        print(f"{args.email} is a machine; its scopes stand in the office's file (set-up)", file=sys.stderr)
        return 1
    now = datetime.now(UTC)
    user = _enrolled(args, before, now)
    if before:
        users.change(before, user)
    else:
        users.add(user)
    print(f"{user.email}: enrolled at {office.name}; rights: {', '.join(sorted(user.rights)) or 'folders only'}")
    for missing in missing_for_access(user, office, now):
        print(f"they can read nothing yet: {missing} (`arrest-alert account`, or the office's file)")
    return _invite(user, office, users, outputs["UserPoolId"])


def _invite(user: User, office: Office, users: UsersTable, pool: str) -> int:
    """1 when the address has an account of another office. Who was invited is not invited again by a change of rights:
    `POST /v1/users/{email}/invitation` does that."""
    if office.identity_provider:
        print(f"they sign in at {office.identity_provider}")
        return 0
    if user.account in {AccountState.INVITED, AccountState.KEPT}:
        return 0
    account = Accounts(boto3.client("cognito-idp"), pool).invite(user)
    users.change(user, user.model_copy(update={"account": account, "revision": user.revision + 1}))
    print(_HOW_THEY_SIGN_IN[account])
    return int(account is AccountState.TAKEN)


_HOW_THEY_SIGN_IN = {
    AccountState.INVITED: "a mail with their first password, which is good for three days, is on its way",
    AccountState.KEPT: "they have an account, and sign in as before",
    AccountState.TAKEN: "the address has an account of another office: use another address",
}


def _enrolled(args: Arguments, before: User | None, now: datetime) -> User:
    """A change of rights leaves everything else as it is. Of somebody who comes back the account and what is on record
    of the person stay."""
    if before and not before.removed:
        return before.model_copy(update={"rights": frozenset(map(Right, args.right)), "revision": before.revision + 1})
    user = User(
        account=AccountState.MISSING,
        office_id=args.office,
        email=args.email,
        rights=frozenset(map(Right, args.right)),
        added_by="set-up",
        added_at=now,
        recertified_at=now,
        open_since=now,
    )
    if before is None:
        return user
    return user.model_copy(update={"sub": before.sub, "personnel": before.personnel, "revision": before.revision + 1})


ENROL_AGENCY = Command(
    name="enrol-agency",
    summary="Lets an agency send feeds, or changes its profile",
    details="The next drop is read with the new profile; earlier versions are stored. Seals in a feed "
    "are rejected unless the agency permits them.",
    example="arrest-alert enrol-agency --stack arrest-alert-dev shared/feeds/profiles/roster.yaml",
    add_arguments=add_agency_arguments,
    run=run_enrol_agency,
)
CONFIRM_PROFILE = Command(
    name="confirm-profile",
    summary="Confirms a profile that reads names and no ages, as the second person",
    details="You say that the feed names no minors. Whoever enrols the same file must be somebody else.",
    example="arrest-alert confirm-profile --stack arrest-alert-dev shared/feeds/profiles/roster.yaml",
    add_arguments=add_profile_argument,
    run=run_confirm_profile,
)
ENROL_USER = Command(
    name="enrol-user",
    summary="Lets somebody into an office and invites them by mail, or changes their rights",
    details="An office needs it once, for its first super-owner, who adds the others.",
    example="arrest-alert enrol-user --stack arrest-alert-dev --right super-owner kings ada.advocate@da.example.gov",
    add_arguments=add_user_arguments,
    run=run_enrol_user,
)
