"""Serves the emulator on a loopback port: ``python3 -m emulator [--until-stdin-closes] [--report-fd 3]``.

The port is chosen by binding port 0 here, and reported once the socket listens, so that no other process can take it
in between.
"""

import argparse
import json
import os
import signal
import sys
import threading
import time

# moto reads these when it is imported.
os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
os.environ["MOTO_ACM_VALIDATION_WAIT"] = "0"


def exit_when_stdin_closes() -> None:
    """Ends this process with the one that holds the other end of stdin, however that one ends."""

    def wait() -> None:
        while sys.stdin.buffer.read(4096):
            pass
        os._exit(0)

    threading.Thread(target=wait, daemon=True, name="parent watch").start()


def main() -> None:
    parser = argparse.ArgumentParser(prog="emulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="default: a free one")
    parser.add_argument("--until-stdin-closes", action="store_true")
    parser.add_argument(
        "--report-fd", type=int, default=1, help="where the line of JSON with the port goes"
    )
    args = parser.parse_args()
    # Ctrl-C reaches every process of the terminal; the parent may still have to clean up with this one's help.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if args.until_stdin_closes:
        exit_when_stdin_closes()

    from werkzeug.serving import WSGIRequestHandler, make_server

    from .application import create_application
    from .control import Identity

    class Handler(WSGIRequestHandler):
        def log_request(self, code: object = "-", size: object = "-") -> None:
            """The application logs requests itself, by action."""

        def log_error(self, format: str, *args: object) -> None:
            """What is not HTTP: builders try TLS first."""

    identity = Identity(os.environ.get("GANTRY_EMULATOR_NONCE", ""), os.getpid(), time.time())
    server = make_server(
        "127.0.0.1", args.port, create_application(identity), threaded=True, request_handler=Handler
    )
    # moto puts its own address into some answers.
    os.environ["MOTO_PORT"] = str(server.port)
    line = (
        json.dumps({"port": server.port, "pid": identity.pid, "startedAt": identity.started_at})
        + "\n"
    )
    os.write(args.report_fd, line.encode())
    if args.report_fd > 2:
        # The reader takes the end of this pipe as the end of the report. Never done to the standard streams: the
        # next socket would take their number, and whatever is printed would go to a client.
        os.close(args.report_fd)
    server.serve_forever()


if __name__ == "__main__":
    main()
