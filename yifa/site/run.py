"""`yifa run`: everything on one machine, from nothing to the first page, and all of it stopped by Ctrl-C.

Each process lives in a group of its own and is told to end when this one ends. A process that ends by itself is started again, and
that is said; a killed database is recovered from its log. What a killed `run` left behind is found by a mark in its environment.
"""

from __future__ import annotations

import argparse
import ctypes
import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from yifa.site import frontend, local, postgres

MARK = "YIFA_RUN"
PATIENCE = 12.0  # seconds a process gets to end by itself; the web server gives its requests ten
LONGEST_PAUSE = 30.0
LOG_LIMIT = 20_000_000
LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1


class RunError(Exception):
    """The system cannot be started; the text says why and what to do."""


def arguments(parser: argparse.ArgumentParser) -> None:
    port = os.environ.get("YIFA_PORT", "")
    parser.add_argument("--port", type=int, default=int(port) if port.isdigit() else 0, help="YIFA_PORT, else the next free one from 8000")
    parser.add_argument("--no-demo", action="store_true", help="without the demonstration world")


def main(options: argparse.Namespace) -> int:
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, interrupt)
    try:
        with alone(local.var() / "run.lock"), port_of_ours(options.port) as port:
            run(port, demo=not options.no_demo)
    except (postgres.PostgresError, frontend.BuildError, RunError) as problem:
        print(f"\n未能启动:{problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\n已停止。", flush=True)
    return 0


# Said to stop. The exception alone is not enough: where Python cleans up (a callback, a finaliser) it is printed and forgotten.
STOPPING = threading.Event()


def interrupt(sign: int, frame: FrameType | None) -> None:
    STOPPING.set()
    raise KeyboardInterrupt


def run(port: int, *, demo: bool) -> None:
    url = f"http://localhost:{port}"
    os.environ["PYTHONPATH"] = str(local.ROOT)
    os.environ.setdefault("YIFA_PUBLIC_URL", url)
    with step("构建页面样式与脚本"):
        frontend.build()
    print("启动数据库 …", flush=True)
    with local.database() as cluster:
        with step("更新数据库结构"):
            verb("migrate", "--quiet")
        with step("准备基础数据"):
            verb("prepare")
        with step("整理静态文件"):
            verb("manage", "collectstatic", "--no-input", "--verbosity", "0")
        supervise(processes(port, demo=demo), cluster, url)


def processes(port: int, *, demo: bool) -> list[Process]:
    static = local.var() / "static"
    web = ["-m", "granian", "yifa.site.wsgi:application", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    web += ["--http", "1", "--no-ws", "--workers", "2", "--blocking-threads", "8", "--backpressure", "64", "--respawn-failed-workers"]
    web += ["--workers-kill-timeout", "10", "--static-path-route", "/static", "--static-path-mount", str(static)]
    found = [
        Process("网站", "web", web),
        Process("存证与统计", "follower", ["-m", "yifa.site.command", "follow"]),
        Process("后台任务", "worker", ["-m", "django", "procrastinate", "worker"]),
    ]
    if demo:
        found.append(Process("演示数据", "demo", ["-m", "yifa.site.command", "demo", "--missing"], once=True))
    return found


@dataclass
class Process:
    """One of our processes: how it is called, how it is started, and how often it ended lately."""

    title: str
    name: str
    words: Sequence[str]
    once: bool = False
    running: subprocess.Popen[bytes] | None = None
    done: bool = False
    pause: float = 1.0
    started: float = 0.0
    due: float = 0.0
    log: Path = field(init=False)

    def __post_init__(self) -> None:
        folder = local.var() / "log"
        folder.mkdir(exist_ok=True)
        self.log = folder / f"{self.name}.log"

    def start(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        # What runs once tells its progress to whoever looks on.
        with nullcontext() if self.once else self.log.open("ab") as log:
            # The working role's URL only: none of these processes may own what it writes.
            environment = {key: value for key, value in os.environ.items() if not key.startswith("YIFA_DATABASE_OWNER_URL")}
            self.running = subprocess.Popen(
                [sys.executable, *self.words],
                cwd=local.ROOT,
                env={**environment, MARK: str(local.var())},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent,  # noqa: PLW1509 - this process has one thread
            )
        self.started = time.monotonic()

    def look(self) -> bool:
        """Start what should run; say what ended and when it starts again. True while it runs."""
        now = time.monotonic()
        if self.running is None and not self.done and now >= self.due:
            self.start()
        if self.running is None:
            return False
        code = self.running.poll()
        if code is None:
            return True
        self.end_group()
        self.running = None
        if self.once:
            self.done = True
            if code:
                print(
                    f"[{self.title}] 未完成(退出码 {code})。修正后运行 .venv/bin/yifa {self.name} --missing 继续。",
                    file=sys.stderr,
                    flush=True,
                )
            return False
        self.pause = 1.0 if now - self.started > 60 else min(self.pause * 2, LONGEST_PAUSE)
        self.due = now + self.pause
        print(f"[{self.title}] 意外结束(退出码 {code}),{self.pause:.0f} 秒后重新启动。日志 {self.log}:", file=sys.stderr)
        print(tail(self.log), file=sys.stderr, flush=True)
        return False

    def end_group(self) -> None:
        """Children of a killed process live on (a web worker would keep the port): end the whole group."""
        if self.running is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.running.pid, signal.SIGKILL)


def supervise(found: list[Process], cluster: postgres.Cluster | None, url: str) -> None:
    """Keep everything running until Ctrl-C, then end it: asked first, killed after `PATIENCE`."""
    try:
        for process in found:
            process.start()
        show_addresses(found[0], url)
        while not STOPPING.is_set():
            if cluster is not None and not cluster.alive():
                print("[数据库] 意外结束,正在恢复……", file=sys.stderr, flush=True)
                cluster = postgres.start(local.var())
                print("[数据库] 已恢复。", file=sys.stderr, flush=True)
            for process in found:
                process.look()
            time.sleep(0.2)
        raise KeyboardInterrupt
    finally:
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sign, signal.SIG_IGN)
        print("\n正在停止……", flush=True)
        end(found)


def end(found: list[Process]) -> None:
    alive = [process for process in found if process.running is not None]
    for process in alive:
        if process.running is not None:
            process.running.terminate()
    limit = time.monotonic() + PATIENCE
    for process in alive:
        if process.running is not None:
            with suppress(subprocess.TimeoutExpired):
                process.running.wait(max(0.1, limit - time.monotonic()))
            process.end_group()
            process.running.wait()


def show_addresses(web: Process, url: str) -> None:
    """Only when the first page really answers."""
    place = url.removeprefix("http://").partition(":")
    limit = time.monotonic() + 60
    while (status := answer("127.0.0.1", int(place[2]))) is None or status >= 500:
        web.look()
        if time.monotonic() > limit:
            raise RunError(f"首页没有正常应答({status or '无应答'}),日志 {web.log}:\n{tail(web.log)}")
        time.sleep(0.2)
    print(f"\n依法平台已启动:\n  公众门户  {url}/\n  工作台    {url}/desk/\n  接口说明  {url}/api/v1/docs\n按 Ctrl-C 停止。\n", flush=True)


def answer(host: str, port: int) -> int | None:
    connection = http.client.HTTPConnection(host, port, timeout=10)
    try:
        connection.request("GET", "/", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def verb(*words: str) -> None:
    """A verb of our own in a process of its own; what it prints is progress."""
    done = subprocess.run([sys.executable, "-m", "yifa.site.command", *words], cwd=local.ROOT, check=False)
    if done.returncode:
        raise RunError(f"yifa {' '.join(words)} 以 {done.returncode} 结束,原因见上")


@contextmanager
def step(title: str) -> Iterator[None]:
    began = time.monotonic()
    print(f"{title} …", flush=True)
    yield
    print(f"{title}:完成,{time.monotonic() - began:.1f} 秒", flush=True)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """One `run` for one `var`; and nothing left of one that was killed."""
    with path.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            raise RunError(f"这里已经有一个 yifa run 在运行({path.parent})") from problem
        end_orphans(f"{MARK}={local.var()}".encode())
        yield


def end_orphans(mark: bytes) -> None:
    """Under the lock no other `run` lives here: whoever carries our mark was left by one that was killed."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        limit = time.monotonic() + PATIENCE
        while found := [int(path.name) for path in Path("/proc").glob("[0-9]*") if marked(path, mark)]:
            for pid in found:
                with suppress(ProcessLookupError):
                    os.kill(pid, sign)
            if time.monotonic() > limit:
                break
            time.sleep(0.2)


def marked(process: Path, mark: bytes) -> bool:
    with suppress(OSError):
        return process.name != str(os.getpid()) and mark in (process / "environ").read_bytes().split(b"\0")
    return False


@contextmanager
def port_of_ours(wanted: int) -> Iterator[int]:
    """A free port, ours while the block lasts; the one of the last time is preferred, because printed codes carry it.

    The web server would share a port with a second one without a word: a name in the kernel, which only one process can have, forbids it.
    """
    memory = local.var() / "port"
    known = int(memory.read_text()) if memory.exists() else 8000
    for port in [wanted] if wanted else [known, *range(8000, 8200)]:
        with socket.socket(socket.AF_UNIX) as name:
            try:
                name.bind(f"\0yifa-port-{port}")
            except OSError:
                continue
            if free(port):
                memory.write_text(str(port))
                yield port
                return
    raise RunError(f"端口 {wanted} 已被占用,请换一个 YIFA_PORT" if wanted else "8000 至 8199 的端口都被占用,请用 YIFA_PORT 指定一个")


def free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def die_with_parent() -> None:
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def tail(path: Path, lines: int = 8) -> str:
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:]) if path.exists() else ""
