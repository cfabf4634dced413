"""An emulator for the tests, with its own process, port, home folder and clean environment."""

import atexit
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
import zipfile
from pathlib import Path

import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError

HERE = Path(__file__).parent
LAUNCH = HERE.parent / "launch.py"
REGION = "ap-northeast-2"
ROLE = "arn:aws:iam::000000000000:role/test"
_session = botocore.session.Session()  # shared, because reading the service models takes long


class Emulator:
    def __init__(self, without=None, record=None, enforcing=False):
        self.home = Path(tempfile.mkdtemp(prefix="emulator-test-"))
        self.url = f"http://127.0.0.1:{_free_port()}"
        self._clients = {}
        options = ["--without", without] if without else []
        options += ["--record", record] if record else []
        self.permissions = self.home / "permissions"
        options += ["--record-permissions", self.permissions] if enforcing else []
        with (self.home / "log").open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, LAUNCH, *options], env=self._environment(), cwd=self.home,
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        atexit.register(self.stop)
        self._await_ready()
        if enforcing:
            self.role("test", {"Action": "lambda:*", "Resource": "*"})
        self.function("actor")

    def _environment(self):
        return {
            # The path of the packages if they are not in a virtual environment.
            "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
            "PATH": os.environ["PATH"], "HOME": str(self.home), "TMPDIR": str(self.home),
            "STATE_DIR": f"{self.home}/state", "S3_DATA_DIR": f"{self.home}/s3",
            "GATEWAY_PORT": self.url.rpartition(":")[2], "BIND_HOST": "127.0.0.1",
            "IOT_MTLS_ENABLED": "0",
            "MINISTACK_REGION": REGION, "LOG_LEVEL": "WARNING", "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
        }

    def _await_ready(self):
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and self.process.poll() is None:
            if self._is_ready():
                return
            time.sleep(0.02)
        raise RuntimeError("The emulator did not start: " + (self.home / "log").read_text())

    def _is_ready(self):
        if not (self.home / "listening").exists():
            return False
        try:
            urllib.request.urlopen(f"{self.url}/_ministack/health", timeout=5).close()
        except OSError:
            return False
        return True

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.home, ignore_errors=True)

    def client(self, service, keys=("test", "test", None)):
        if (service, keys) not in self._clients:
            key, secret, token = keys
            self._clients[service, keys] = _session.create_client(
                service, region_name=REGION, endpoint_url=self.url, aws_access_key_id=key,
                aws_secret_access_key=secret, aws_session_token=token, config=Config(
                    inject_host_prefix=False, retries={"total_max_attempts": 1}, max_pool_connections=32))
        return self._clients[service, keys]

    def role(self, name, *permissions):
        """Creates a role with these permissions. Returns its ARN."""
        trust = [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]
        iam = self.client("iam")
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=_policy(trust))
        if permissions:
            allowed = [{"Effect": "Allow", **statement} for statement in permissions]
            iam.put_role_policy(RoleName=name, PolicyName="permissions", PolicyDocument=_policy(allowed))
        return role["Role"]["Arn"]

    def client_with(self, service, *permissions):
        """Returns a client that uses a role with these permissions."""
        role = self.role(uuid.uuid4().hex, *permissions)
        session = self.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
        keys = session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"]
        return self.client(service, keys)

    def function(self, name, program=None, role=ROLE):
        """Creates a function that runs the actor or another program."""
        program = program or f"#!{sys.executable}\n{(HERE / 'actor.py').read_text()}"
        self.client("lambda").create_function(
            FunctionName=name, Runtime="provided.al2023", Handler="bootstrap", Role=role, Timeout=10,
            Code={"ZipFile": package(program)})

    def machine(self, states, kind="STANDARD", role=ROLE, **fields):
        """Creates a JSONata state machine that starts at the first of its states. Returns its ARN."""
        definition = {"QueryLanguage": "JSONata", "StartAt": next(iter(states)), "States": states, **fields}
        return self.client("stepfunctions").create_state_machine(
            name=f"m-{uuid.uuid4().hex}", definition=json.dumps(definition), roleArn=role,
            type=kind)["stateMachineArn"]

    def start(self, states, **fields):
        """Creates a state machine and starts an execution of it. Returns the ARN of the execution."""
        return self.client("stepfunctions").start_execution(
            stateMachineArn=self.machine(states, **fields))["executionArn"]

    def describe(self, execution):
        return self.client("stepfunctions").describe_execution(executionArn=execution)

    def history(self, execution):
        return self.client("stepfunctions").get_execution_history(executionArn=execution)["events"]

    def call(self, service, operation, **arguments):
        """Calls an operation. Returns its response, or the code of its error."""
        try:
            return getattr(self.client(service), operation)(**arguments)
        except ClientError as error:
            return error.response["Error"]["Code"]


def _policy(statements):
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def package(program):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        entry = zipfile.ZipInfo("bootstrap")
        entry.external_attr = 0o755 << 16
        archive.writestr(entry, program)
    return content.getvalue()
