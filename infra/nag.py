"""cdk-nag at synth: the rule packs AwsSolutions and NIST 800-53 rev 5.

Every rule that we do not follow is in this file, with the reason and the constructs concerned. Any other finding fails
the synth.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import cdk_nag
from aws_cdk import Acknowledgment, App, Validations
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from constructs import IConstruct

from infra.blocks.l1 import l1_of
from infra.service import Service
from infra.state import State
from infra.stores.agency_connections import FOLDERS

SOLUTIONS = "AwsSolutions::AwsSolutions"
NIST = "NIST.800.53.R5::NIST.800.53.R5"


@dataclass(frozen=True)
class Exemption:
    rule: str
    reason: str
    constructs: list[IConstruct]


def check(app: App, state: State, service: Service) -> None:
    Validations.of(app).add_plugins(cdk_nag.AwsSolutionsChecks(app), cdk_nag.NIST80053R5Checks(app))
    for exemption in exemptions(state, service):
        for construct in exemption.constructs:
            Validations.of(construct).acknowledge(Acknowledgment(id=exemption.rule, reason=exemption.reason))


def exemptions(state: State, service: Service) -> Iterator[Exemption]:
    yield from about_functions(service)
    yield from about_roles(state, service)
    yield from about_storage(state, service)
    yield Exemption(
        f"{SOLUTIONS}-APIG4",
        "The API's own description, without any record, is public outside production so that "
        "a developer can read it before having an account. A link in a mail is opened by its own signature, says "
        "nothing of anybody and only answers an alert or ends a digest. The console's pages are opened by a session, "
        "which its function finds by the cookie; an office's policy is for everybody and names no record. Every other "
        "route needs a token.",
        [*service.office.public_routes, *service.pages.routes],
    )


def about_functions(service: Service) -> Iterator[Exemption]:
    functions: list[IConstruct] = [product_function.function for product_function in service.functions]
    with_dead_letter = (
        service.scheduled.scheduled_jobs,
        service.names.learn_names,
        service.delivery.record_delivery_events,
    )
    polled: list[IConstruct] = [
        product_function.function for product_function in service.functions if product_function not in with_dead_letter
    ]
    yield Exemption(
        f"{SOLUTIONS}-L1",
        "Python 3.13 is the product's fixed runtime, supported by AWS until 2029; the layers hold "
        "wheels and bytecode of exactly this release.",
        functions,
    )
    yield Exemption(
        f"{NIST}-LambdaInsideVPC",
        "The functions call only AWS's own APIs, over TLS and under IAM, and reach nothing "
        "in a network of ours: a VPC would add a way out that must be guarded, and protect nothing.",
        functions,
    )
    yield Exemption(
        f"{NIST}-LambdaConcurrency",
        "Concurrency is bounded where work enters: the event sources' maximum concurrency, "
        "the stream's shards, the API's throttling, one schedule. A reservation for each would fail to deploy in an "
        "account with the default quota of a new account. In prod the API and the console have one.",
        [function for function in functions if not _is_reserved(function)],
    )
    yield Exemption(
        f"{NIST}-LambdaDLQ",
        "Never invoked asynchronously: a function's own dead letter would stay empty for ever. "
        "What cannot be handled goes to the dead letter of its queue, to the stream's failure queue, or back to the "
        "API's caller as a 5xx; each has an alarm.",
        polled,
    )


def _is_reserved(function: IConstruct) -> bool:
    return l1_of(function, lambda_.CfnFunction).reserved_concurrent_executions is not None


def about_roles(state: State, service: Service) -> Iterator[Exemption]:
    rule = f"{SOLUTIONS}-IAM5"
    of_the_api = [service.office.office_api.policy, service.pages.console.policy]
    yield Exemption(
        f"{rule}[Resource::*]",
        "X-Ray's actions, the delivery of logs (Step Functions) and dynamodb:ListStreams (match_arrests, chain_audit) "
        "know no resource.",
        [*(product_function.policy for product_function in service.functions), service.intake.large_drops.policy],
    )
    yield Exemption(
        f"{rule}[Resource::*]", "CodeDeploy asks for the alarms of a release by name.", [service.releases.policy]
    )
    executions = f"{service.stack_name}-large-drops/*"
    yield Exemption(
        f"{rule}[Resource::arn:{service.partition}:states:{service.region}:<AWS::AccountId>:execution:{executions}]",
        "The executions of a distributed map's children; Step Functions names them.",
        [service.intake.large_drops.policy],
    )
    bucket = _imported(state, state.drops.bucket)
    for kind in ("in", "entered", "receipts", "rejects"):
        yield Exemption(
            f"{rule}[Resource::{bucket}/*/{kind}/*]",
            "Keys are <agency>/<kind>/<file> and agencies are data, not "
            "deployment: the kind is what the permission is bound to.",
            [
                service.intake.receive_feed.policy,
                *(of_the_api if kind != "receipts" else []),
                *([service.purges.purge_records.policy] if kind != "receipts" else []),
            ],
        )
    yield Exemption(
        f"{rule}[Resource::{bucket}/canary/in/*]",
        "A drop of the canary is named after its time.",
        [service.scheduled.scheduled_jobs.policy],
    )
    yield Exemption(
        f"{rule}[Resource::{_imported(state, state.drops.work_bucket)}/*]",
        "Keys begin with a drop's id; the bucket holds nothing but what the workers on large drops hand on.",
        [service.intake.receive_feed.policy],
    )
    drops = state.get_logical_id(l1_of(state.drops.bucket, s3.CfnBucket))
    for agency, policy in state.agencies.policies.items():
        for folder in FOLDERS:
            yield Exemption(
                f"{rule}[Resource::<{drops}.Arn>/{agency}/{folder}/*]",
                "The files in the agency's own folder; it names them.",
                [policy],
            )
    copies = _imported(state, state.drops.copies_bucket)
    for kind in ("raw", "unread", "clean", "custody"):
        yield Exemption(
            f"{rule}[Resource::{copies}/{kind}/*]",
            "Keys are <kind>/<agency>/<drop> and agencies are data: the kind is what the permission is bound to.",
            [
                service.intake.receive_feed.policy,
                *(of_the_api if kind in ("raw", "custody") else []),
                *([service.purges.purge_records.policy] if kind != "custody" else []),
            ],
        )
    yield Exemption(
        f"{rule}[Resource::{copies}/exports/*]",
        "Keys are exports/<office>/<export> and offices are data: the kind is what the permission is bound to.",
        [
            service.exports.export_records.policy,
            service.intake.receive_feed.policy,
            service.purges.purge_records.policy,
            *of_the_api,
        ],
    )
    yield Exemption(
        f"{rule}[Resource::{_imported(state, state.audit_bucket)}/*]",
        "Keys are <office>/<day>/<number> and offices are data; the bucket holds nothing else, and what lies there is "
        "locked.",
        [service.audit.chain_audit.policy],
    )
    yield Exemption(
        f"{rule}[Resource::{_imported(state, state.audit_bucket)}/purges/*]",
        "Certificates have a day and a hash in their keys, and what lies there is locked.",
        [service.purges.purge_records.policy],
    )
    yield Exemption(
        f"{rule}[Resource::{_imported(state, state.audit_bucket)}/seals/*]",
        "Certificates have agency, day and hash in their keys, agencies are data, and what lies there is locked.",
        [service.intake.receive_feed.policy, service.matching.match_arrests.policy],
    )
    yield Exemption(
        f"{rule}[Resource::arn:{service.partition}:ses:{service.region}:<AWS::AccountId>:identity/*]",
        "In its sandbox SES asks for the recipient's identity as well; the condition binds the sender's address.",
        [service.delivery.send_alerts.policy] if service.delivery.in_mail_sandbox else [],
    )
    texts = f"log-group:sns/{service.region}/<AWS::AccountId>/DirectPublishToPhoneNumber*"
    yield Exemption(
        f"{rule}[Resource::arn:{service.partition}:logs:{service.region}:<AWS::AccountId>:{texts}]",
        "SNS names the streams of its two log groups of texts itself.",
        [service.delivery.text_reports_policy],
    )


def about_storage(state: State, service: Service) -> Iterator[Exemption]:
    yield Exemption(
        f"{NIST}-CloudWatchLogGroupEncrypted",
        "Cognito delivers sign-ins only to a log group without a customer-managed key. It holds the pool's own ids and "
        "network addresses of users, no arrest and no name; CloudWatch encrypts it with a key of its own.",
        [service.office.denials.sign_ins],
    )
    yield Exemption(
        f"{NIST}-CloudTrailCloudWatchLogsEnabled",
        "What must wake somebody comes by EventBridge, without a log group. The trail's files are evidence, read by "
        "Athena or by hand after an incident; a second copy in CloudWatch would cost five times the trail.",
        [state.trail] if state.trail else [],
    )
    for rule in (f"{SOLUTIONS}-SMG4", f"{NIST}-SecretsManagerRotationEnabled"):
        yield Exemption(
            rule,
            "The secret keys the hashes under which people are indexed: a new value would make every index row "
            "unfindable. Changing it is a re-index, done on purpose, not on a timer.",
            [state.secrets.pseudonym],
        )
        yield Exemption(
            rule,
            "An operator rotates it with a command: a person must hand a webhook's new secret to its receiver, and a "
            "timer would not wait until the version before the newest is no longer needed.",
            [state.secrets.links, state.secrets.cursors, state.secrets.webhooks, state.secrets.entries],
        )
    yield Exemption(
        f"{NIST}-S3BucketReplicationEnabled",
        "Drops are raw files that the agency still has, moved away when they are read, "
        "and access logs are evidence of those; a second region would be a second place in which a sealed arrest "
        "must be found and erased.",
        [state.drops.bucket, state.drops.access_logs, state.drops.work_bucket],
    )
    for rule in (f"{NIST}-S3BucketVersioningEnabled", f"{NIST}-S3BucketReplicationEnabled"):
        yield Exemption(
            rule,
            "A record that a seal erases from a copy must be gone, here and everywhere: an older version or "
            "a replica would keep it. What is lost of a copy costs a replay, and the agency has the file.",
            [state.drops.copies_bucket],
        )
    yield Exemption(
        f"{NIST}-S3BucketReplicationEnabled",
        "Audit objects are locked against everybody for 400 days, so a copy adds a reader and no proof; who wants one "
        "in another account exports the chain.",
        [state.audit_bucket],
    )
    yield Exemption(
        f"{NIST}-S3DefaultEncryptionKMS",
        "S3 delivers server access logs only to a bucket with S3-managed keys.",
        [state.drops.access_logs],
    )
    yield Exemption(
        f"{SOLUTIONS}-SQS3",
        "Is itself the end of the line: the failure destination of a table's stream.",
        [service.matching.unmatched, service.audit.unchained],
    )


def _imported(state: State, bucket: s3.Bucket) -> str:
    """A bucket's ARN as cdk-nag writes it where the services name it: by the state's export."""
    reference: dict[str, str] = state.resolve(state.export_value(bucket.bucket_arn))
    return reference["Fn::ImportValue"]
