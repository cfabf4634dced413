"""Starts the local AWS: ministack, corrected where it behaves unlike AWS.

ministack (https://pypi.org/project/ministack) emulates AWS on one port and runs our real Lambda
binaries. Where it differs from AWS in something that our system depends on, a module in
`corrections/` replaces the function in question in memory, before the server starts. No file of
ministack is edited. So the version is pinned (requirements.txt), and this launcher refuses to start
when the version is another one or when something that it would replace is missing.

    pip install -r emulator/requirements.txt
    env -i PATH="$PATH" HOME="$RUN" TMPDIR="$RUN" STATE_DIR="$RUN/state" S3_DATA_DIR="$RUN/s3" \\
        GATEWAY_PORT=4566 BIND_HOST=127.0.0.1 MINISTACK_REGION=ap-northeast-2 LOG_LEVEL=WARNING \\
        AWS_ENDPOINT_URL=http://127.0.0.1:4566 AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test \\
        python emulator/launch.py
    # ready as soon as GET /_ministack/health answers, about half a second later; that it is this one
    # that answers, and not another program at that port, one sees by the file $HOME/listening

The environment is a clean one (`env -i`) because every Lambda function inherits all of it: a
variable that a function lacks would be found in your shell, and missed only on AWS.

    launch.py --list              the names of the corrections, one a line, in the order of applying
    launch.py --without NAME      leaves one out (repeatable); the tests prove by it that each counts
    launch.py --record FILE       writes down which ways executions take (recorder.py)
    launch.py --record-permissions FILE   enforces roles, and writes down what they are used for (permissions.py)

To add a correction: write `corrections/<name>.py` (the docstring says what AWS does, what ministack
does instead, and which part of our system depends on it; `apply()` does the patching, by
`_patching.around` where it can), add the name to ORDER in `corrections/__init__.py`, and describe
the AWS behaviour once in a test in `tests/`, which then must fail `--without` it.
"""

import argparse
import os
import sys
from importlib import metadata
from pathlib import Path

import corrections

REQUIREMENTS = Path(__file__).with_name("requirements.txt")


def arguments():
    parser = argparse.ArgumentParser(description="the local AWS: ministack, corrected")
    parser.add_argument("--list", action="store_true", help="print the names of the corrections")
    parser.add_argument("--without", action="append", default=[], choices=corrections.ORDER,
                        metavar="NAME", help="leave this correction out (repeatable)")
    parser.add_argument("--record", metavar="FILE",
                        help="append there which ways through the state machines are taken")
    parser.add_argument("--record-permissions", metavar="FILE",
                        help="enforce roles, and append there what they are used for")
    return parser.parse_args()


def check_version():
    wanted = REQUIREMENTS.read_text().split()[0].removeprefix("ministack==")
    try:
        found = metadata.version("ministack")
    except metadata.PackageNotFoundError:
        sys.exit(f"ministack is not installed: pip install -r {REQUIREMENTS}")
    if found != wanted:
        sys.exit(f"ministack {found} is installed, but the corrections are written for {wanted}.")


def correct(without):
    try:
        corrections.apply(name for name in corrections.ORDER if name not in without)
    except corrections.Mismatch as mismatch:
        sys.exit(str(mismatch))


def record(ways, permissions):
    import permissions as uses  # ministack is there for certain only now
    import recorder
    try:
        if ways:
            recorder.record(ways)
        if permissions:
            uses.record(permissions)
    except corrections.Mismatch as mismatch:
        sys.exit(f"The recorder does not fit this ministack: {mismatch}.")


def announce():
    """Leaves a file once the port is ours: who merely found it free may find another behind it."""
    from hypercorn.config import Config
    create_sockets = Config.create_sockets

    def announced(self):
        sockets = create_sockets(self)
        Path(os.environ["HOME"], "listening").touch()
        return sockets

    Config.create_sockets = announced


def main():
    asked = arguments()
    if asked.list:
        return print("\n".join(corrections.ORDER))
    check_version()
    if asked.record_permissions:
        os.environ["AUTH"] = "true"  # ministack reads it when it is imported
    correct(asked.without)
    record(asked.record, asked.record_permissions)
    announce()
    sys.argv[1:] = []  # ministack parses the command line too
    from ministack.app import main as serve
    serve()


if __name__ == "__main__":
    main()
