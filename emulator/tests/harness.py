"""A real emulator for the tests: its own process, port and home, and a clean environment."""

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
_session = botocore.session.Session()  # one for all: reading the service models takes long


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
            # Where the packages are, if not in a virtual environment.
            "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
            "PATH": os.environ["PATH"], "HOME": str(self.home), "TMPDIR": str(self.home),
            "STATE_DIR": f"{self.home}/state", "S3_DATA_DIR": f"{self.home}/s3",
            "GATEWAY_PORT": self.url.rpartition(":")[2], "BIND_HOST": "127.0.0.1",
            "MINISTACK_REGION": REGION, "LOG_LEVEL": "WARNING", "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
        }

    def _await_ready(self):
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                return urllib.request.urlopen(f"{self.url}/_ministack/health", timeout=5).close()
            except OSError:
                time.sleep(0.02)
        raise RuntimeError("the emulator did not start: " + (self.home / "log").read_text())

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

    def role(self, name, *may):
        """A role that may do this; answers its ARN."""
        trust = [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]
        iam = self.client("iam")
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=_policy(trust))
        if may:
            allowed = [{"Effect": "Allow", **statement} for statement in may]
            iam.put_role_policy(RoleName=name, PolicyName="may", PolicyDocument=_policy(allowed))
        return role["Role"]["Arn"]

    def client_with(self, service, *may):
        """A client that is a role which may do this."""
        role = self.role(uuid.uuid4().hex, *may)
        session = self.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
        keys = session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"]
        return self.client(service, keys)

    def function(self, name, program=None, role=ROLE):
        """A function that is the actor, or another program."""
        program = program or f"#!{sys.executable}\n{(HERE / 'actor.py').read_text()}"
        self.client("lambda").create_function(
            FunctionName=name, Runtime="provided.al2023", Handler="bootstrap", Role=role, Timeout=10,
            Code={"ZipFile": _zip(program)})

    def machine(self, states, kind="STANDARD", role=ROLE, **fields):
        """A JSONata machine that starts at the first of its states; answers its ARN."""
        definition = {"QueryLanguage": "JSONata", "StartAt": next(iter(states)), "States": states, **fields}
        return self.client("stepfunctions").create_state_machine(
            name=f"m-{uuid.uuid4().hex}", definition=json.dumps(definition), roleArn=role,
            type=kind)["stateMachineArn"]

    def start(self, states, **fields):
        """Starts an execution of a machine made for it; answers its ARN."""
        return self.client("stepfunctions").start_execution(
            stateMachineArn=self.machine(states, **fields))["executionArn"]

    def describe(self, execution):
        return self.client("stepfunctions").describe_execution(executionArn=execution)

    def history(self, execution):
        return self.client("stepfunctions").get_execution_history(executionArn=execution)["events"]

    def answer(self, service, operation, **arguments):
        """What an operation answers, or the code of its error: refusing is a behaviour as well."""
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


def _zip(program):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        entry = zipfile.ZipInfo("bootstrap")
        entry.external_attr = 0o755 << 16
        archive.writestr(entry, program)
    return content.getvalue()
