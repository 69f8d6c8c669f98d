"""Finds or makes the Python environment of the emulator: ``environment.py <cache folder>``.

Prints one line of JSON, ``{"python": <executable>}``, on stdout and progress on stderr. Where the running interpreter
has the very moto that requirements.txt names (and the rest of it, in any version), that interpreter is the answer;
else a virtual environment in the cache folder, made once for each content of requirements.txt and Python version.

Only the standard library, and only syntax that old interpreters read, so that the message about their age gets out.
"""

import hashlib
import json
import os
import subprocess
import sys

MINIMUM = (3, 10)
REQUIREMENTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "requirements.txt")
MARKER = "complete"


class Unusable(Exception):
    """What stands in the way, and what to do about it."""


def read_requirements(path):
    """The pins of a requirements file as ``{name: version}``."""
    pins = {}
    with open(path) as file:
        for line in file:
            line = line.split("#")[0].strip()
            if line:
                name, version = line.split("==")
                pins[name] = version
    return pins


def importable(pins):
    """Whether this interpreter already has moto in the pinned version and the rest in any."""
    from importlib import metadata

    try:
        return all(
            metadata.version(name) == version or name != "moto" for name, version in pins.items()
        )
    except metadata.PackageNotFoundError:
        return False


def check_version(version):
    """Refuses an interpreter that moto does not run on."""
    if tuple(version[:2]) < MINIMUM:
        raise Unusable(
            "the emulator needs Python %d.%d or newer; %s is %d.%d. Install a newer one, or name it in GANTRY_PYTHON."
            % (MINIMUM + (sys.executable,) + tuple(version[:2]))
        )


def check_venv():
    """Refuses an interpreter whose distribution has split the venv module off."""
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError as error:
        raise Unusable(
            "%s cannot make a virtual environment (%s). On Debian and Ubuntu, install the package python3-venv; or "
            "install the packages of %s for that interpreter."
            % (sys.executable, error, REQUIREMENTS)
        )


def folder_of(cache, requirements):
    """Where the environment for these requirements and this interpreter lives."""
    with open(requirements, "rb") as file:
        content = file.read()
    key = content + sys.version.encode() + sys.executable.encode()
    return os.path.join(cache, hashlib.sha256(key).hexdigest()[:16])


def make(folder, requirements):
    """Makes the environment in place, once, however many processes ask at the same time; answers its interpreter.

    A virtual environment holds its own path, so it cannot be made elsewhere and renamed. The lock is the kernel's,
    which frees it when its holder dies; the marker is written last, so a half-made environment is made anew.
    """
    import fcntl

    python = os.path.join(folder, "bin", "python")
    marker = os.path.join(folder, MARKER)
    if os.path.exists(marker):
        return python
    os.makedirs(os.path.dirname(folder), exist_ok=True)
    with open(folder + ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if os.path.exists(marker):
            return python
        check_venv()
        progress("making a Python environment for the emulator in " + folder)
        run([sys.executable, "-m", "venv", "--clear", folder], "python3 -m venv")
        progress("installing moto and what it needs (about 30 MB, once)")
        pip = [
            python,
            "-m",
            "pip",
            "install",
            "--no-input",
            "--disable-pip-version-check",
            "-r",
            requirements,
        ]
        run(pip, "pip install")
        with open(marker, "w") as file:
            file.write("\n")
    return python


def run(command, name):
    """Runs a command; its last lines are the error when it fails."""
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True
    )
    if done.returncode != 0:
        lines = done.stdout.strip().splitlines()[-12:]
        raise Unusable(
            "%s failed (exit code %d):\n  %s" % (name, done.returncode, "\n  ".join(lines))
        )


def progress(line):
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def main(cache):
    check_version(sys.version_info)
    if importable(read_requirements(REQUIREMENTS)):
        return sys.executable
    return make(folder_of(cache, REQUIREMENTS), REQUIREMENTS)


if __name__ == "__main__":
    try:
        print(json.dumps({"python": main(sys.argv[1])}))
    except Unusable as error:
        progress(str(error))
        sys.exit(3)
