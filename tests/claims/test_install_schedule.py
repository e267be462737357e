"""Lines for cron and units for systemd: written, written again, taken out; nothing foreign is touched."""

from __future__ import annotations

import os
import shlex
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from claims.errors import InputError
from claims.installing import Plan, calendar, crontab_block, units
from claims.settings import load
from tests.claims.conftest import Run

# A crontab program that keeps its table in a file, as the real ones answer.
CRONTAB = """#!/bin/sh
table="$CRONTAB_FILE"
case "$1" in
-l) if [ -f "$table" ]; then cat "$table"; else echo "no crontab for user" >&2; exit 1; fi ;;
-) cat > "$table" ;;
esac
"""
FOREIGN = "MAILTO=me@example.org\n# mine\n5 4 * * * tidy --all   \n"


@pytest.fixture
def table(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's crontab, empty yet."""
    program = home / "bin" / "crontab"
    program.parent.mkdir()
    program.write_text(CRONTAB)
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("CRONTAB_FILE", str(home / "table"))
    return home / "table"


def test_lines_come_and_go_and_others_stay(table: Path, config: Path, run: Run) -> None:
    table.write_text(FOREIGN)
    first = run("install-schedule", "--cron")
    assert first.code == 0
    written = table.read_text()
    assert written.startswith(FOREIGN)
    assert "*/20 * * * *  " in written
    assert f" run --quiet --config {config}" in written
    assert first.out.strip() == written.removeprefix(FOREIGN).strip()
    again = run("install-schedule", "--cron")
    assert (again.code, "nothing was changed" in again.err, table.read_text()) == (0, True, written)
    assert run("install-schedule", "--cron", "--daemon").code == 0
    assert "@reboot" in table.read_text()
    assert "*/20" not in table.read_text()
    assert run("install-schedule", "--cron", "--remove").code == 0
    assert table.read_text() == FOREIGN
    assert "nothing was changed" in run("install-schedule", "--cron", "--remove").err


def test_the_first_crontab_of_a_user(table: Path, config: Path, run: Run) -> None:
    assert run("install-schedule", "--cron", "--dry-run").code == 0
    assert not table.exists()
    assert run("install-schedule", "--cron").code == 0
    assert len(table.read_text().splitlines()) == 4


def test_two_configurations_have_lines_of_their_own(table: Path, config: Path, run: Run) -> None:
    other = config.with_name("other.toml")
    other.write_text(config.read_text())
    for file in (config, other, config):
        assert run("install-schedule", "--cron", "--config", str(file)).code == 0
    assert table.read_text().count("*/20") == 2
    assert run("install-schedule", "--cron", "--remove", "--config", str(config)).code == 0
    assert str(other) in table.read_text()
    assert str(config) not in table.read_text()


def test_damaged_marks_change_nothing(table: Path, config: Path, run: Run) -> None:
    assert run("install-schedule", "--cron").code == 0
    damaged = "\n".join(table.read_text().splitlines()[:-1]) + "\n"
    table.write_text(damaged)
    answer = run("install-schedule", "--cron", "--remove")
    assert (answer.code, table.read_text()) == (2, damaged)
    assert "crontab -e" in answer.err


def test_a_crontab_that_cannot_be_read_is_not_replaced(table: Path, config: Path, run: Run) -> None:
    program = table.parent / "bin" / "crontab"
    program.write_text("#!/bin/sh\necho you are not allowed >&2; exit 1\n")
    answer = run("install-schedule", "--cron")
    assert answer.code == 2
    assert "you are not allowed" in answer.err
    assert not table.exists()


def test_without_a_crontab_program(config: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    answer = run("install-schedule", "--cron")
    assert (answer.code, "use --systemd" in answer.err) == (2, True)
    assert run("install-schedule", "--cron", "--dry-run").code == 0


def plan_in(folder: Path, *, daemon: bool = False, digest: tuple[str, str] | None = None) -> Plan:
    folder.mkdir()
    (folder / "config.toml").write_text('[store]\npath = "claims.db"\n')
    settings = load(folder / "config.toml")
    return Plan(settings, (str(folder / "claims"),), daemon, digest)


def test_a_line_does_what_it_says_also_with_blanks_and_signs_in_paths(tmp_path: Path) -> None:
    plan = plan_in(tmp_path / "it's a 100% new $HOME")
    line = crontab_block(plan)[1].removeprefix("*/20 * * * *  ")
    # As cron does: a percent sign with a backslash is one, and the rest is for the shell.
    assert not line.replace(r"\%", "").count("%")
    program = Path(plan.program[0])
    program.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    program.chmod(0o700)
    done = subprocess.run(
        ["/bin/sh", "-c", line.replace(r"\%", "%")], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["run", "--quiet", "--config", str(plan.config.file)]
    assert shlex.split(line.replace(r"\%", "%"))[0] == str(program)


def test_a_digest_has_its_own_line_and_timer(tmp_path: Path) -> None:
    plan = plan_in(tmp_path / "a", digest=("0 7 * * 1", "Europe/Berlin"))
    (line,) = [line for line in crontab_block(plan) if "digest send --quiet" in line]
    assert line.startswith("0 7 * * 1  ")
    made = units(plan, "claims", system=False)
    assert "OnCalendar=Mon *-*-* 07:00:00 Europe/Berlin\n" in made["claims-digest.timer"]


@pytest.mark.parametrize(
    ("expression", "written"),
    [
        ("30 2 * * *", "*-*-* 02:30:00 UTC"),
        ("0 18 * * 1-5", "Mon,Tue,Wed,Thu,Fri *-*-* 18:00:00 UTC"),
        ("0 7 * * 0,7", "Sun *-*-* 07:00:00 UTC"),
    ],
)
def test_a_cron_expression_as_systemd_writes_it(expression: str, written: str) -> None:
    assert calendar(expression, "UTC") == written


@pytest.mark.parametrize("expression", ["*/5 * * * *", "0 7 1 * *", "0 7 * *", "0 7 * * 9"])
def test_what_has_no_form_for_a_timer(expression: str) -> None:
    with pytest.raises(InputError):
        calendar(expression, "UTC")


def test_a_line_break_in_a_path(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="line break"):
        plan_in(tmp_path / "a\nb")


def test_units_come_and_go_and_others_stay(config: Path, run: Run) -> None:
    folder = config.parent / "units"
    install = ("install-schedule", "--systemd", "--folder", str(folder))
    first = run(*install)
    assert first.code == 0
    names = {f"claims{part}.{kind}" for part in ("", "-housekeeping") for kind in ("service", "timer")}
    assert {path.name for path in folder.iterdir()} == names
    assert "enable --now claims.timer claims-housekeeping.timer" in first.out
    assert "nothing was changed" in run(*install).err
    (folder / "mine.service").write_text("[Unit]\n")
    assert run(*install, "--daemon").code == 0
    assert {path.name for path in folder.iterdir()} == {"claims.service", "mine.service"}
    assert "Type=notify" in (folder / "claims.service").read_text()
    assert run(*install, "--remove").code == 0
    assert [path.name for path in folder.iterdir()] == ["mine.service"]


def test_a_unit_of_somebody_else_is_not_overwritten(config: Path, run: Run) -> None:
    folder = config.parent / "units"
    folder.mkdir()
    (folder / "claims.timer").write_text("[Unit]\nDescription=mine\n")
    answer = run("install-schedule", "--systemd", "--folder", str(folder))
    assert (answer.code, "none of ours" in answer.err) == (2, True)
    assert [path.name for path in folder.iterdir()] == ["claims.timer"]
    run("install-schedule", "--systemd", "--folder", str(folder), "--remove")
    assert (folder / "claims.timer").exists()


def test_a_dry_run_of_units_writes_nothing(config: Path, run: Run) -> None:
    folder = config.parent / "units"
    answer = run("install-schedule", "--systemd", "--dry-run", "--folder", str(folder))
    assert answer.code == 0
    assert f"# {folder / 'claims.timer'}" in answer.out
    assert not folder.exists()


def test_usage(config: Path, run: Run) -> None:
    assert run("install-schedule").code == 2
    assert run("install-schedule", "--systemd", "--name", "../x").code == 2


@pytest.mark.parametrize("system", [True, False], ids=["machine", "user"])
@pytest.mark.parametrize("daemon", [True, False], ids=["daemon", "timer"])
def test_systemd_understands_the_units_and_finds_them_hardened(
    tmp_path: Path, system: bool, daemon: bool
) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("there is no systemd-analyze here")
    plan = plan_in(tmp_path / "a 100% new folder", daemon=daemon)
    Path(plan.program[0]).write_text("#!/bin/sh\n")
    Path(plan.program[0]).chmod(0o755)
    for name, text in units(plan, "claims", system=system, user=tmp_path.owner()).items():
        (tmp_path / name).write_text(text)
    service = tmp_path / "claims.service"
    manager = "--system" if system else "--user"
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}
    done = subprocess.run(
        [analyze, "verify", manager, "--man=no", service],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    ours = [
        line for line in (done.stdout + done.stderr).splitlines() if str(tmp_path) in line or "claims" in line
    ]
    assert ours == []
    if system:
        judged = [analyze, "security", "--offline=true", "--threshold=25", service]
        done = subprocess.run(judged, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
