"""What keeps the code readable for a stranger: names, rooms and their READMEs."""

import ast
import io
import re
import tokenize
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PRODUCT = ("shared", "functions", "infra")
SAY_NOTHING = frozenset({"one", "two", "some", "at", "found", "said", "told", "kept"})
MOST_OF_THEM = 150  # tokens, stored attributes among them
MOST_UNFORMATTED = 40
ROOMS = set(
    (
        "access alerts arrests audit aws breaches channels disclosures disputes feeds matching office_api offices"
        " provisioning records_requests retention subscriptions words"
    ).split()
)
LOOSE_MODULES = 5
README_BYTES = 12_000


@cache
def modules(*folders: str) -> dict[str, ast.Module]:
    """Maps the path of each Python file, relative to the checkout, to its syntax tree."""
    paths = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def names_in(path: Path) -> Iterator[str]:
    for token in tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline):
        if token.type == tokenize.NAME:
            yield token.string


def test_names_say_what_they_are() -> None:
    counts = {path: sum(name in SAY_NOTHING for name in names_in(ROOT / path)) for path in modules(*PRODUCT)}
    worst = Counter(counts).most_common(8)
    assert sum(counts.values()) <= MOST_OF_THEM, f"use the noun of what it is (shared/README.md, Glossary): {worst}"


def test_no_parameter_has_a_name_that_says_nothing() -> None:
    parameters = [
        f"{path}:{node.lineno} {node.arg}"
        for path, tree in modules(*PRODUCT).items()
        for node in ast.walk(tree)
        if isinstance(node, ast.arg) and node.arg in SAY_NOTHING
    ]
    assert not parameters


def test_modules_that_tests_are_made_of_are_typed_in_full() -> None:
    overrides = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]["overrides"]
    [patterns] = [override["module"] for override in overrides if override.get("disallow_untyped_defs")]
    helpers = [path for path in modules("tests") if not Path(path).name.startswith(("test_", "__init__"))]
    names = [path.removesuffix(".py").replace("/", ".") for path in helpers]
    forgotten = [name for name in names if not any(re.fullmatch(_as_regex(pattern), name) for pattern in patterns)]
    assert not forgotten, "add them to the override of mypy in pyproject.toml that types helper modules"


def _as_regex(pattern: str) -> str:
    """mypy's `*` stands for any number of parts of a module's name, none included."""
    return re.escape(pattern).replace(r"\.\*", r"(\..*)?")


def test_a_class_name_has_one_meaning() -> None:
    places = defaultdict(list)
    for path, tree in modules("shared", "functions").items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                places[node.name.lstrip("_")].append(path)
    twice = {name: paths for name, paths in places.items() if len(paths) > 1 and name != "Settings"}
    assert not twice, "a name that two classes need is not the name yet: say of which kind each is"


def test_an_error_says_so_in_its_name() -> None:
    """`Rejected` and `TryLater` say who must act."""
    errors: dict[str, str] = {"Exception": "", "ValueError": "", "RuntimeError": "", "KeyError": "", "TypeError": ""}
    for path, tree in modules("shared", "functions", "infra").items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and {base.id for base in node.bases if isinstance(base, ast.Name)} & set(
                errors
            ):
                errors[node.name] = path
    misnamed = {name: path for name, path in errors.items() if path and not name.endswith("Error")}
    assert set(misnamed) <= {"Rejected", "TryLater"}, misnamed


def test_the_formatter_lays_out_all_but_tables() -> None:
    texts = [(ROOT / path).read_text(encoding="utf-8") for path in modules(*PRODUCT)]
    assert sum(text.count("# fmt: skip") for text in texts) < MOST_UNFORMATTED
    assert not any("N818" in text for text in [*texts, (ROOT / "pyproject.toml").read_text(encoding="utf-8")])


def test_shared_is_its_rooms_and_a_few_modules_that_everybody_imports() -> None:
    shared = ROOT / "shared"
    assert {path.name for path in shared.iterdir() if path.is_dir() and path.name != "__pycache__"} == ROOMS
    loose = {path.name for path in shared.glob("*.py")} - {"__init__.py"}
    assert len(loose) <= LOOSE_MODULES, loose


@pytest.mark.parametrize(
    "room", [*(f"shared/{room}" for room in sorted(ROOMS)), "shared", "infra", "functions", "tests"]
)
def test_each_room_says_what_it_is(room: str) -> None:
    assert (ROOT / room / "README.md").is_file(), "write one page: what it is, the way through, how to add, decisions"


def test_the_first_page_is_short() -> None:
    assert len((ROOT / "README.md").read_bytes()) <= README_BYTES


def readmes() -> list[Path]:
    written = [*ROOT.glob("*.md"), *(ROOT / ".github").rglob("*.md")]
    return sorted({*written, *(path for folder in (*PRODUCT, "tests") for path in (ROOT / folder).rglob("*.md"))})


@pytest.mark.parametrize("readme", readmes(), ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_readme_points_to_exists(readme: Path) -> None:
    """Links, and paths in back quotes that begin at the checkout or beside the README."""
    text = readme.read_text(encoding="utf-8")
    links = {
        link.split("#")[0]
        for link in re.findall(r"\]\(([^)\s]+)\)", text)
        if "://" not in link and not link.startswith("#")
    }
    quoted = set(re.findall(r"`((?:shared|functions|infra|tests|\.github)/[\w./-]+)`", text))
    missing = {path for path in links if not (readme.parent / path).exists()}
    missing |= {path for path in quoted if not (ROOT / path).exists()}
    assert not missing


def test_the_way_of_an_arrest_is_read_in_eighteen_files() -> None:
    text = (ROOT / "shared" / "README.md").read_text(encoding="utf-8")
    way = text.split("## The way of an arrest", 1)[1].split("\n## ", 1)[0]
    files = re.findall(r"`([\w/]+\.py)`", way)
    assert 10 <= len(files) <= 18
    assert len(set(files)) == len(files), "each is opened once"
    assert not [path for path in files if not (ROOT / path).is_file()]
