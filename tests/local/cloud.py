"""The local cloud: AWS's services on a port of 127.0.0.1, for the demo and the tests.

with LocalCloud() as cloud:
    outputs = deploy(cloud, assembly())
    cloud.client("s3").list_buckets()
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self, overload

import boto3
import botocore.session
from botocore.config import Config

from tests.local.faults import PATH as FAULTS
from tests.local.faults import Fault, as_body

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

REPOSITORY = Path(__file__).resolve().parents[2]
REGION = "us-east-1"
ACCOUNT = "000000000000"
# How long anything may take that the local cloud is asked for, in seconds: where the processor is wanted by others,
# what takes a second takes a minute, and late is no failure. How late an alert may be, `test_spine.py` says.
PATIENCE = 300


class CloudStartError(Exception):
    pass


class LocalCloud:
    """`auth` evaluates IAM policies for real, as AWS does; without it everything is allowed."""

    def __init__(self, *, auth: bool = False, audit_log: Path | None = None) -> None:
        self._auth = auth
        self._audit_log = audit_log
        self._folder = Path()
        self._process: subprocess.Popen[str] | None = None
        self._session: boto3.Session | None = None
        self.port = 0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """Returns the emulator's own output. A function's log is in CloudWatch Logs."""
        path = self._folder / "emulator.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def start(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="local-cloud-"))
        self.port = _free_port()
        with (self._folder / "emulator.log").open("w") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.local.emulator"],
                cwd=REPOSITORY,
                env=self._environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                bufsize=1,
                start_new_session=True,
            )
        self._session = _session(self._folder)
        try:
            self._wait_until_healthy(self._process)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Ends the emulator and every Lambda worker; the emulator does it itself when its standard input closes."""
        process, self._process = self._process, None
        if process and process.stdin and process.stdout:
            process.stdin.close()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, 9)
                process.wait()
            process.stdout.close()
        if self._folder != Path():
            shutil.rmtree(self._folder, ignore_errors=True)

    @overload
    def client(self, service: Literal["cloudformation"]) -> CloudFormationClient: ...
    @overload
    def client(self, service: Literal["cognito-idp"]) -> CognitoIdentityProviderClient: ...
    @overload
    def client(self, service: Literal["dynamodb"]) -> DynamoDBClient: ...
    @overload
    def client(self, service: Literal["s3"]) -> S3Client: ...
    @overload
    def client(self, service: Literal["secretsmanager"]) -> SecretsManagerClient: ...
    @overload
    def client(self, service: Literal["sesv2"]) -> SESV2Client: ...
    @overload
    def client(self, service: Literal["sns"]) -> SNSClient: ...
    @overload
    def client(self, service: Literal["sqs"]) -> SQSClient: ...
    @overload
    def client(self, service: str) -> Any: ...
    def client(self, service: Any) -> Any:
        """Returns a client of the emulator's root account. It never reads the caller's AWS profile and credentials."""
        if self._session is None:
            raise CloudStartError("start the local cloud first")
        settings = Config(retries={"max_attempts": 1}, inject_host_prefix=False, read_timeout=PATIENCE)
        return self._session.client(service, endpoint_url=self.endpoint, config=settings)

    def api(self, api_id: str) -> str:
        """Returns the URL of an HTTP API, by path, so that no host name must resolve."""
        return f"{self.endpoint}/_aws/execute-api/{api_id}/$default"

    def emails(self) -> list[dict[str, Any]]:
        """Every mail sent, oldest first: Source, To, Subject, BodyText, BodyHtml, Headers, EmailTags, MessageId."""
        sent = json.loads(self._get("/_ministack/ses/messages"))
        return sorted(sent, key=lambda mail: mail["Timestamp"])

    def texts(self) -> list[dict[str, Any]]:
        """Every SMS sent: PhoneNumber, Message, MessageId, MessageAttributes."""
        numbers = json.loads(self._get("/_ministack/sns/sms-messages"))["sms_messages"]
        return [text for texts in numbers.values() for text in texts]

    def kill_workers(self, function_name: str) -> int:
        """Sends SIGKILL to all processes of one function, as if its machines were lost. Returns how many there were."""
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise CloudStartError("start the local cloud first")
        process.stdin.write(f"kill {function_name}\n")
        process.stdin.flush()
        return int(process.stdout.readline())

    def inject(self, *faults: Fault) -> None:
        """Lets these faults meet every function from now on, instead of those before. None: no fault."""
        request = urllib.request.Request(self.endpoint + FAULTS, as_body(faults), method="POST")  # noqa: S310 loopback
        urllib.request.urlopen(request, timeout=PATIENCE).close()  # noqa: S310 our own loopback

    def faults_met(self) -> dict[str, int]:
        """Counts the requests that a fault of the present plan has met, by action and kind."""
        counts: dict[str, int] = json.loads(self._get(FAULTS))
        return counts

    def _environment(self) -> dict[str, str]:
        """Returns only the variables named here: Lambda workers inherit them, and must not see the developer's
        environment.
        """
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "LANG": "C.UTF-8",
            "TZ": ":UTC",
            "TMPDIR": str(self._folder),
            "GATEWAY_PORT": str(self.port),
            "BIND_HOST": "127.0.0.1",
            "SFTP_ENABLED": "0",
            "IOT_MTLS_ENABLED": "0",
            "AUTH": "true" if self._auth else "false",
            "MINISTACK_REGION": REGION,
            "LOG_LEVEL": "WARNING",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }
        if self._audit_log:
            environment["AUDIT_LOG"] = str(self._audit_log)
        return environment

    def _wait_until_healthy(self, process: subprocess.Popen[str]) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and process.poll() is None:
            try:
                self._get("/_ministack/health")
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.05)
            else:
                return
        raise CloudStartError(f"the local cloud did not start:\n{self.log[-4000:]}")

    def _get(self, path: str) -> bytes:
        with urllib.request.urlopen(self.endpoint + path, timeout=PATIENCE) as response:  # noqa: S310 our own loopback
            content: bytes = response.read()
            return content


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _session(folder: Path) -> boto3.Session:
    """Reads a profile of its own, so that neither AWS_PROFILE nor ~/.aws can reach a test."""
    profile = folder / "aws-config"
    profile.write_text(f"[default]\nregion = {REGION}\naws_access_key_id = test\naws_secret_access_key = test\n")
    session = botocore.session.Session()
    session.set_config_variable("profile", "default")
    session.set_config_variable("config_file", str(profile))
    session.set_config_variable("credentials_file", os.devnull)
    return boto3.Session(
        botocore_session=session, aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION
    )
