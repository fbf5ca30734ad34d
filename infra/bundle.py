"""What is shipped to Lambda: our own code, and the dependency groups of pyproject.toml as layers.

No Docker: uv fetches the wheels of the Lambda platform. Each is built once per content below .cache/ and reused.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".cache"
CODE_FOLDERS = ("functions", "shared")
HOUR = 3600  # seconds
LEFT_OUT = ("__pycache__", "*.pyc", "tests", ".DS_Store")
PYTHON = "3.13"
PLATFORM = "aarch64-manylinux_2_28"  # Lambda's Python 3.13 runs on Amazon Linux 2023, glibc 2.34


class BundleError(RuntimeError):
    """The layer or the code could not be built; the message says what to do."""


def uv() -> str:
    own = ROOT / ".tools" / "bin" / "uv"
    found = str(own) if own.exists() else shutil.which("uv")
    if found is None:
        raise BundleError("uv is missing, and it bundles the dependencies: `make` installs it into .tools/")
    return found


def run(command: Sequence[str]) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        raise BundleError(f"{' '.join(command)} failed:\n{(done.stdout + done.stderr).strip()}")
    return done.stdout


def requirements(groups: Sequence[str]) -> str:
    """The locked, hashed requirements of the groups alone, as pip reads them."""
    chosen = [f"--only-group={group}" for group in groups]
    return run([uv(), "export", "--color", "never", "--frozen", "--no-header", "--no-emit-project", *chosen])


def lambda_python() -> str | None:
    """An interpreter of Lambda's release, to compile bytecode with.

    Without one Lambda compiles at each cold start, which takes it about a second.
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
    """platform None means the machine that runs this."""
    into.mkdir(parents=True)
    wanted = into.parent / "requirements.txt"
    wanted.write_text(requirements(groups))
    target = [] if platform is None else ["--python-platform", platform]
    run(
        [
            uv(),
            "pip",
            "install",
            "--quiet",
            "--target",
            str(into),
            "--python-version",
            python,
            *target,
            "--only-binary",
            ":all:",
            "--no-deps",
            "--link-mode",
            "copy",
            "-r",
            str(wanted),
        ]
    )
    wanted.unlink()
    (into / ".lock").unlink(missing_ok=True)
    shutil.rmtree(into / "bin", ignore_errors=True)
    if "matching" in groups:
        compact_name_frequencies(into / "name_frequencies")


def compact_name_frequencies(package: Path) -> None:
    """The tables of the package `names`, in the form in which they are looked up."""
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
    """Unchecked: Lambda unpacks with new times, and a check by time would compile again.

    seen_as is where the tree lies in Lambda, for tracebacks.
    """
    run(
        [
            interpreter,
            "-m",
            "compileall",
            "-q",
            "-j",
            "0",
            "--invalidation-mode",
            "unchecked-hash",
            "-s",
            str(tree),
            "-p",
            seen_as,
            str(tree),
        ]
    )


def layer(group: str) -> tuple[Path, str]:
    """The folder of a group's layer and the hash that names its content."""
    interpreter = lambda_python()
    made_here = version("names") if group == "matching" else ""
    facts = "\n".join((requirements([group]), made_here, PYTHON, PLATFORM, form(interpreter)))
    digest = hashlib.sha256(facts.encode()).hexdigest()
    place = CACHE / "layers" / digest[:16]
    if not place.exists():
        with built(place) as tree:
            install([group], tree / "python", platform=PLATFORM, python=PYTHON)
            if interpreter:
                compile_bytecode(tree, interpreter, seen_as="/opt")
    return place, digest


def code() -> tuple[Path, str]:
    """The folder of our own code and the hash that names its content."""
    interpreter = lambda_python()
    digest = digest_of_code(form(interpreter))
    place = CACHE / "code" / digest[:16]
    if not place.exists():
        with built(place) as tree:
            for folder in CODE_FOLDERS:
                shutil.copytree(ROOT / folder, tree / folder, ignore=shutil.ignore_patterns(*LEFT_OUT))
            if interpreter:
                compile_bytecode(tree, interpreter, seen_as="/var/task")
        clear(place.parent)
    return place, digest


def clear(folder: Path) -> None:
    """Of what is made anew for each state of the code. Another process may still use one that is not the newest."""
    for old in folder.iterdir():
        if old.is_dir() and old.stat().st_mtime < time.time() - HOUR:
            shutil.rmtree(old, ignore_errors=True)


def form(interpreter: str | None) -> str:
    """Part of the hash: with and without bytecode are two contents."""
    return "compiled" if interpreter else "source"


def digest_of_code(salt: str) -> str:
    digest = hashlib.sha256(salt.encode())
    for folder in CODE_FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            inside = path.relative_to(ROOT)
            if path.is_file() and not any(
                part.match(pattern) for part in map(Path, inside.parts) for pattern in LEFT_OUT
            ):
                digest.update(f"{inside.as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


@contextmanager
def built(place: Path) -> Iterator[Path]:
    """Where to build what shall lie at `place`, so that a build that broke off is never taken for a whole one."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent, prefix="building-") as aside:
        building = Path(aside) / "tree"
        building.mkdir()
        yield building
        if not place.exists():  # another synth may have been quicker; both hold the same content
            building.rename(place)
