"""Starts the local AWS: ministack with corrections where it behaves unlike AWS.

ministack (https://pypi.org/project/ministack) emulates AWS on one port and runs the real Lambda binaries.
Where ministack differs from AWS and the system depends on the difference, a module in `corrections/`
replaces a function of ministack in memory before the server starts. No file of ministack is edited.
Therefore requirements.txt pins the version of ministack. The launcher refuses to start if another version
is installed or if something that a correction replaces is missing.

    pip install -r emulator/requirements.txt
    env -i PATH="$PATH" HOME="$RUN" TMPDIR="$RUN" STATE_DIR="$RUN/state" S3_DATA_DIR="$RUN/s3" \\
        GATEWAY_PORT=4566 BIND_HOST=127.0.0.1 MINISTACK_REGION=ap-northeast-2 LOG_LEVEL=WARNING \\
        AWS_ENDPOINT_URL=http://127.0.0.1:4566 AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test \\
        python emulator/launch.py

The emulator is ready when GET /_ministack/health responds, after about half a second. Another program could
have taken the port and respond there. The file $HOME/listening exists only if the emulator has the port.

The environment must be clean (`env -i`) because every Lambda function inherits it. Otherwise a function could
find a variable in your shell that it lacks on AWS.

    launch.py --list              prints the names of the corrections, one per line, in the order of applying
    launch.py --without NAME      leaves out one correction (repeatable); the tests show that each is needed
    launch.py --record FILE       appends the transitions that executions take to FILE (recorder.py)
    touch "$HOME/crashes/FUNCTION"        kills the function in its next invocation (crashes.py)
    launch.py --record-permissions FILE   enforces roles, and appends their use to FILE (permissions.py)

To add a correction:

1. Write `corrections/<name>.py`. Its docstring says what AWS does, what ministack does instead, and which part of
   the system depends on the difference. Its function `apply()` patches ministack, with `_patching.around`
   where possible.
2. Add the name to ORDER in `corrections/__init__.py`.
3. Describe the behaviour of AWS in a test in `tests/`. The test must fail without the correction.
"""

import argparse
import functools
import gc
import os
import sys
from importlib import metadata
from pathlib import Path

import corrections

REQUIREMENTS = Path(__file__).with_name("requirements.txt")


def parse_arguments():
    parser = argparse.ArgumentParser(description="Starts the local AWS: ministack with corrections.")
    parser.add_argument("--list", action="store_true", help="print the names of the corrections")
    parser.add_argument("--without", action="append", default=[], choices=corrections.ORDER,
                        metavar="NAME", help="leave this correction out (repeatable)")
    parser.add_argument("--record", metavar="FILE",
                        help="append the transitions that executions take to this file")
    parser.add_argument("--record-permissions", metavar="FILE",
                        help="enforce roles, and append their use to this file")
    return parser.parse_args()


def check_version():
    wanted = REQUIREMENTS.read_text().split()[0].removeprefix("ministack==")
    try:
        found = metadata.version("ministack")
    except metadata.PackageNotFoundError:
        sys.exit(f"ministack is not installed. Install it with: pip install -r {REQUIREMENTS}")
    if found != wanted:
        sys.exit(f"ministack {found} is installed, but the corrections need {wanted}. "
                 f"Install it with: pip install -r {REQUIREMENTS}")


def correct(without):
    try:
        corrections.apply(name for name in corrections.ORDER if name not in without)
    except corrections.Mismatch as mismatch:
        sys.exit(str(mismatch))


def allow_crashes():
    import crashes
    try:
        crashes.apply()
    except corrections.Mismatch as mismatch:
        sys.exit(f"Crashes on request do not fit this version of ministack: {mismatch}.")


def record(transitions_file, permissions_file):
    # These modules import ministack, so they are imported after its version is checked.
    import permissions
    import recorder
    try:
        if transitions_file:
            recorder.record(transitions_file)
        if permissions_file:
            permissions.record(permissions_file)
    except corrections.Mismatch as mismatch:
        sys.exit(f"The recorder does not fit this version of ministack: {mismatch}.")


def announce():
    """Creates the file $HOME/listening as soon as the emulator has the port."""
    from hypercorn.config import Config
    create_sockets = Config.create_sockets

    def create_and_announce(self):
        sockets = create_sockets(self)
        Path(os.environ["HOME"], "listening").touch()
        return sockets

    Config.create_sockets = create_and_announce


def save_time():
    """Saves a third of the CPU time of a short run, and a tenth of that of a purchase."""
    import botocore.session

    # ministack asks botocore for the protocol of each service, each time with a new session, which lists all services.
    botocore.session.get_session = functools.cache(botocore.session.get_session)
    # The imported modules stay, so the garbage collector need not visit them.
    gc.freeze()
    # Most objects of a request are freed without the garbage collector, so it may run rarely.
    gc.set_threshold(10_000)


def main():
    arguments = parse_arguments()
    if arguments.list:
        return print("\n".join(corrections.ORDER))
    check_version()
    if arguments.record_permissions:
        os.environ["AUTH"] = "true"  # ministack reads this variable when it is imported
    correct(arguments.without)
    record(arguments.record, arguments.record_permissions)
    allow_crashes()
    announce()
    sys.argv[1:] = []  # ministack also parses the command line
    from ministack.app import main as serve
    save_time()
    serve()


if __name__ == "__main__":
    main()
