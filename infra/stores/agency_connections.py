"""How agencies reach their own folders of the feeds bucket: from an AWS account of their own, or by SFTP.

An agency writes below `<agency>/in/` and reads below `<agency>/receipts/` and `<agency>/rejects/`, and nothing else.
"""

import json
import re
from collections.abc import Sequence

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_transfer as transfer
from constructs import Construct

from infra.agencies import AgencyConnection, AgencyConnectionError
from infra.blocks.access import GET_OBJECT, LIST_BUCKET, PUT_OBJECT
from infra.blocks.key import USE, use_of

ABORT_UPLOAD = "s3:AbortMultipartUpload"
FOLDERS = ("in", "receipts", "rejects")
LARGEST_POLICY = 20_480  # bytes of a bucket policy (Amazon S3 User Guide, "Bucket policies")
# What else stands in the policy (TLS, reserved folders), and the bucket's name, which is not known before a deployment.
RESERVED, LONGEST_BUCKET = 2_048, "b" * 63
ROOM = LARGEST_POLICY - RESERVED
KIND_OF_A_REQUEST = "s3:x-amz-server-side-encryption"
KEY_OF_A_REQUEST = f"{KIND_OF_A_REQUEST}-aws-kms-key-id"
# Without a policy CloudFormation takes the one of 2018 (AWS Transfer Family User Guide, "Security policies").
SECURITY_POLICY, VALIDATED_POLICY = "TransferSecurityPolicy-2024-01", "TransferSecurityPolicy-FIPS-2024-01"
# CJIS Security Policy 6.0, AC-8: restricted, monitored, misuse is punished, use is consent.
BANNER = (
    "You are entering a restricted criminal justice information system. Use is monitored, recorded and audited. "
    "Unauthorized use is prohibited and subject to criminal and civil penalties. By using it you consent to this."
)


class AgencyConnections(Construct):
    """`sftp` is the server of agencies that come by SFTP, and None without one; `policies` are theirs, by agency.

    Objects belong to us whoever puts them, because the bucket has no ACLs, and are under our key whatever a request
    says. Raises AgencyConnectionError for more agencies with accounts than the bucket's policy holds.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        key: kms.Key,
        bucket: s3.Bucket,
        agencies: Sequence[AgencyConnection],
        fips: bool,
        log_retention: logs.RetentionDays,
        removal: RemovalPolicy,
    ) -> None:
        super().__init__(scope, id_)
        self._key, self._bucket, self._removal = key, bucket, removal
        self._security_policy = VALIDATED_POLICY if fips else SECURITY_POLICY
        self._log_retention = log_retention
        self.policies: dict[str, iam.ManagedPolicy] = {}
        self._refuse_other_keys()
        self._let_accounts_in([connection for connection in agencies if connection.account])
        self.sftp = self._serve_sftp([connection for connection in agencies if connection.ssh_keys])

    def _refuse_other_keys(self) -> None:
        """Nobody puts an object under a key that is not ours: we could not read it, and its owner could take it back.
        A request that names no key gets the bucket's own."""
        for condition in (
            {"StringNotEquals": {KEY_OF_A_REQUEST: self._key.key_arn}, "Null": {KEY_OF_A_REQUEST: "false"}},
            {"StringNotEquals": {KIND_OF_A_REQUEST: "aws:kms"}, "Null": {KIND_OF_A_REQUEST: "false"}},
        ):
            self._bucket.add_to_resource_policy(
                iam.PolicyStatement(
                    effect=iam.Effect.DENY,
                    principals=[iam.AnyPrincipal()],
                    actions=[PUT_OBJECT],
                    resources=[self._bucket.arn_for_objects("*")],
                    conditions=condition,
                )
            )

    def _let_accounts_in(self, agencies: Sequence[AgencyConnection]) -> None:
        stack = Stack.of(self)
        partition = stack.partition
        statements = [statement for connection in agencies for statement in self._in_own_folders(connection, partition)]
        size = policy_size(statements, partition)
        if size > ROOM:
            raise AgencyConnectionError(
                f"{len(agencies)} agencies have accounts of their own, and the policy of the bucket holds "
                f"{len(agencies) * ROOM // size}: let the others come by SFTP (`ssh_keys`) or upload in the console"
            )
        for statement in statements:
            self._bucket.add_to_resource_policy(statement)
        if agencies:
            # S3 asks for the key in the name of the caller, who is of another account. The bucket's policy says which
            # objects that opens.
            self._key.add_to_resource_policy(
                iam.PolicyStatement(
                    principals=[iam.ArnPrincipal(connection.principal(partition)) for connection in agencies],
                    actions=list(USE),
                    resources=["*"],
                    conditions={"StringEquals": {"kms:ViaService": f"s3.{stack.region}.amazonaws.com"}},
                )
            )

    def _in_own_folders(self, connection: AgencyConnection, partition: str) -> list[iam.PolicyStatement]:
        statements = own_folders(self._bucket, connection.agency)
        for statement in statements:
            statement.add_principals(iam.ArnPrincipal(connection.principal(partition)))
        return statements

    def _serve_sftp(self, agencies: Sequence[AgencyConnection]) -> transfer.CfnServer | None:
        """One server, and a user for each key. Its host key is made with it and stays as long as it does."""
        if not agencies:
            return None
        self.log_group = logs.LogGroup(
            self,
            "SftpLogs",
            encryption_key=self._key,
            retention=self._log_retention,
            removal_policy=self._removal,
        )
        server = transfer.CfnServer(
            self,
            "Sftp",
            domain="S3",
            endpoint_type="PUBLIC",
            identity_provider_type="SERVICE_MANAGED",
            protocols=["SFTP"],
            security_policy_name=self._security_policy,
            pre_authentication_login_banner=BANNER,
            s3_storage_options=transfer.CfnServer.S3StorageOptionsProperty(directory_listing_optimization="ENABLED"),
            structured_log_destinations=[self.log_group.log_group_arn],
        )
        server.apply_removal_policy(self._removal)
        for connection in agencies:
            self._users(connection, server)
        return server

    def _users(self, connection: AgencyConnection, server: transfer.CfnServer) -> None:
        """A user for each key, in one role of the agency's. They see one folder, with the three of the agency in it."""
        role = self._role(connection.agency)
        folders = [
            transfer.CfnUser.HomeDirectoryMapEntryProperty(
                entry=f"/{folder}", target=f"/{self._bucket.bucket_name}/{connection.agency}/{folder}", type="DIRECTORY"
            )
            for folder in FOLDERS
        ]
        for number, ssh_key in enumerate(connection.ssh_keys, start=1):
            transfer.CfnUser(
                self,
                f"User-{connection.agency}-{number}",
                server_id=server.attr_server_id,
                user_name=f"{connection.agency}-{number}",
                role=role.role_arn,
                home_directory_type="LOGICAL",
                home_directory_mappings=folders,
                ssh_public_keys=[ssh_key],
            )

    def _role(self, agency: str) -> iam.Role:
        stack = Stack.of(self)
        policy = iam.ManagedPolicy(
            self,
            f"Policy-{agency}",
            statements=[*own_folders(self._bucket, agency), use_of(self._key, through=("s3",))],
        )
        self.policies[agency] = policy
        servers = stack.format_arn(service="transfer", resource="server", resource_name="*")
        return iam.Role(
            self,
            f"Role-{agency}",
            description=f"The folders of {agency}, by SFTP",
            assumed_by=iam.ServicePrincipal(
                "transfer.amazonaws.com",
                # Not another account's server (AWS Transfer Family User Guide, "Confused deputy").
                conditions={
                    "StringEquals": {"aws:SourceAccount": stack.account},
                    "ArnLike": {"aws:SourceArn": servers},
                },
            ),
            managed_policies=[policy],
        )


def own_folders(bucket: s3.Bucket, agency: str) -> list[iam.PolicyStatement]:
    """Statements that allow what an agency does. Large files go up in parts, which it may also give up."""
    answers = [f"{agency}/{folder}/*" for folder in FOLDERS if folder != "in"]
    return [
        iam.PolicyStatement(actions=[PUT_OBJECT, ABORT_UPLOAD], resources=[bucket.arn_for_objects(f"{agency}/in/*")]),
        iam.PolicyStatement(actions=[GET_OBJECT], resources=[bucket.arn_for_objects(keys) for keys in answers]),
        iam.PolicyStatement(
            actions=[LIST_BUCKET],
            resources=[bucket.bucket_arn],
            conditions={"StringLike": {"s3:prefix": [f"{agency}/{folder}/*" for folder in FOLDERS]}},
        ),
    ]


def policy_size(statements: Sequence[iam.PolicyStatement], partition: str) -> int:
    """Returns the bytes of these statements in the policy of a bucket with the longest possible name."""
    text = json.dumps([statement.to_statement_json() for statement in statements], separators=(",", ":"))
    return len(re.sub(r"\$\{Token\[[^]]*\]\}", f"arn:{partition}:s3:::{LONGEST_BUCKET}", text))
