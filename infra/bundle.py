"""What is shipped to Lambda: our own code, and the dependency groups of pyproject.toml as layers.

There is no Docker: uv fetches the wheels of the Lambda platform. Everything is built once for each content, below
.cache/, and reused.

What is deployed has bytecode, whoever builds it: the same content gives the same bytes. A machine without Lambda's
Python still builds (for tests and `make synth`), under another hash and without bytecode, and `make deploy` refuses.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager
from fnmatch import fnmatch
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".cache"
CODE_FOLDERS = ("functions", "shared")
HOUR = 3600  # seconds
CLIENT = re.compile(r'\bclient\(\s*"([a-z0-9-]+)"')  # the service of a client of boto3
LEFT_OUT = ("__pycache__", "*.pyc", "tests", "examples", ".DS_Store")
PYTHON = "3.13"
PLATFORM = "aarch64-manylinux_2_28"  # Lambda's Python 3.13 runs on Amazon Linux 2023, glibc 2.34


class BundleError(RuntimeError):
    """The layer or the code could not be built; the message says what to do."""


def uv() -> str:
    """The path of uv. Raises BundleError when there is none."""
    installed = ROOT / ".tools" / "bin" / "uv"
    path = str(installed) if installed.exists() else shutil.which("uv")
    if path is None:
        raise BundleError("uv is missing, and it bundles the dependencies: run `make test` once, which installs it")
    return path


def run(command: Sequence[str]) -> str:
    """What the command prints. Raises BundleError with its output when it fails."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        raise BundleError(f"{' '.join(command)} failed:\n{(done.stdout + done.stderr).strip()}")
    return done.stdout


def requirements(groups: Sequence[str]) -> str:
    """The locked and hashed requirements of the groups, in pip's format."""
    chosen = [f"--only-group={group}" for group in groups]
    return run([uv(), "export", "--color", "never", "--frozen", "--no-header", "--no-emit-project", *chosen])


def lambda_python() -> str | None:
    """The path of a Python of Lambda's release, to compile bytecode with; None when this machine has none.

    Without bytecode Lambda compiles at each cold start, which takes about a second.
    """
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    candidates = [
        sys.executable,
        shutil.which(f"python{PYTHON}"),
        *sorted(map(str, pyenv.glob(f"versions/{PYTHON}.*/bin/python{PYTHON}"))),
    ]
    return next((path for path in candidates if path and release_of(path) == PYTHON), None)


def release_of(interpreter: str) -> str:
    ask = "import sys; print('%d.%d' % sys.version_info[:2])"
    done = subprocess.run([interpreter, "-c", ask], capture_output=True, text=True, check=False)  # noqa: S603
    return done.stdout.strip()


def install(groups: Sequence[str], into: Path, *, platform: str | None, python: str) -> None:
    """Installs wheels into the folder. `platform` None means the machine that runs this."""
    into.mkdir(parents=True)
    requirements_file = into.parent / "requirements.txt"
    requirements_file.write_text(requirements(groups))
    run(
        [
            *(uv(), "pip", "install", "--quiet", "--target", str(into)),
            *("--python-version", python, *([] if platform is None else ["--python-platform", platform])),
            *("--only-binary", ":all:", "--no-deps", "--link-mode", "copy", "-r", str(requirements_file)),
        ]
    )
    requirements_file.unlink()
    (into / ".lock").unlink(missing_ok=True)
    shutil.rmtree(into / "bin", ignore_errors=True)
    keep_service_models(into / "botocore" / "data", services_called())
    if "matching" in groups:
        compact_name_frequencies(into / "name_frequencies")


def services_called() -> set[str]:
    """The services of AWS of which our code makes a client."""
    sources = (path.read_text() for folder in CODE_FOLDERS for path in (ROOT / folder).rglob("*.py"))
    return {service for source in sources for service in CLIENT.findall(source)}


def keep_service_models(data: Path, services: Set[str]) -> None:
    """Removes the models of all other services from botocore's `data`: they are nine tenths of it."""
    for model in data.glob("*/"):
        if model.name not in services:
            shutil.rmtree(model)


def compact_name_frequencies(package: Path) -> None:
    """Writes the census tables of the package `names`, which has no wheel, in the form in which they are looked up."""
    package.mkdir()
    (package / "__init__.py").touch()
    script = (
        "import sys; from shared.matching.linkage.frequencies import compacted; sys.stdout.buffer.write(compacted())"
    )
    made = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=False)  # noqa: S603
    if made.returncode != 0:
        raise BundleError(f"the name frequencies could not be compacted:\n{made.stderr.decode()}")
    (package / "frequencies.bin").write_bytes(made.stdout)


def compile_bytecode(tree: Path, interpreter: str, *, seen_as: str) -> None:
    """Compiles the tree. `seen_as` is its path in Lambda, for tracebacks.

    The bytecode is unchecked: Lambda unpacks files with new times, and Python would compile them again.
    """
    mode = ("--invalidation-mode", "unchecked-hash")
    run([interpreter, "-m", "compileall", "-q", "-j", "0", *mode, "-s", str(tree), "-p", seen_as, str(tree)])


def layer(group: str, *, cache: Path = CACHE) -> tuple[Path, str]:
    """The folder of a group's layer and the hash that names its content."""
    interpreter = lambda_python()
    compacted = version("names") if group == "matching" else ""
    models = ",".join(sorted(services_called())) if group == "core" else ""
    content = "\n".join((requirements([group]), compacted, models, PYTHON, PLATFORM, form(interpreter)))
    digest = hashlib.sha256(content.encode()).hexdigest()
    folder = cache / "layers" / digest[:16]
    if not folder.exists():
        with built(folder) as tree:
            install([group], tree / "python", platform=PLATFORM, python=PYTHON)
            if interpreter:
                compile_bytecode(tree, interpreter, seen_as="/opt")
    return folder, digest


def code(*, cache: Path = CACHE) -> tuple[Path, str]:
    """The folder of our own code and the hash that names its content."""
    interpreter = lambda_python()
    digest = digest_of_code(form(interpreter))
    folder = cache / "code" / digest[:16]
    if not folder.exists():
        with built(folder) as tree:
            for source in CODE_FOLDERS:
                shutil.copytree(ROOT / source, tree / source, ignore=shutil.ignore_patterns(*LEFT_OUT))
            if interpreter:
                compile_bytecode(tree, interpreter, seen_as="/var/task")
        remove_old(folder.parent)
    return folder, digest


def remove_old(folder: Path) -> None:
    """Removes builds that are older than an hour; another process may still use a younger one."""
    for old in folder.iterdir():
        if old.is_dir() and old.stat().st_mtime < time.time() - HOUR:
            shutil.rmtree(old, ignore_errors=True)


def form(interpreter: str | None) -> str:
    """A part of the hash: code with bytecode and code without are two contents."""
    return "compiled" if interpreter else "source"


def digest_of_code(salt: str) -> str:
    digest = hashlib.sha256(salt.encode())
    for folder in CODE_FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if path.is_file() and not is_left_out(name):
                digest.update(f"{name}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def is_left_out(path: str) -> bool:
    """Whether the file, or a folder that it is in, is not shipped."""
    return any(fnmatch(name, pattern) for name in path.split("/") for pattern in LEFT_OUT)


@contextmanager
def built(folder: Path) -> Iterator[Path]:
    """Gives an empty folder to build in, and renames it to `folder` at the end: a build that broke off is never taken
    for a whole one."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="building-") as temporary:
        building = Path(temporary) / "tree"
        building.mkdir()
        yield building
        if not folder.exists():  # another synth may have been quicker; both hold the same content
            building.rename(folder)
