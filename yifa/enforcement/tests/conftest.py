"""Fixtures of the enforcement tests."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections


class Wire:
    """A relay between Django and PostgreSQL that counts what passes.

    `ready` = ReadyForQuery messages, one an exchange; `packets` = what was sent to the server in one piece.
    """

    def __init__(self, target: dict[str, Any]) -> None:
        self.target = dict(target)
        self.ready = 0
        self.packets = 0
        self.server = socket.create_server(("127.0.0.1", 0))
        self.threads: list[threading.Thread] = []

    def through(self) -> None:
        """From now on Django's connection goes through the relay."""
        settings = connections["default"].settings_dict
        connections.close_all()
        settings["HOST"], settings["PORT"] = "127.0.0.1", str(self.server.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()
        connections["default"].ensure_connection()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self.server.accept()
            except OSError:
                return
            host, port = self.target["HOST"], self.target["PORT"]
            if host.startswith("/"):
                upstream = socket.socket(socket.AF_UNIX)
                upstream.connect(f"{host}/.s.PGSQL.{port}")
            else:
                upstream = socket.create_connection((host, int(port)))
            threading.Thread(target=self._up, args=(client, upstream), daemon=True).start()
            threading.Thread(target=self._down, args=(upstream, client), daemon=True).start()

    def _up(self, client: socket.socket, upstream: socket.socket) -> None:
        # The relay speaks no TLS: an SSLRequest or GSSENCRequest is answered with N.
        while (first := client.recv(8)) in (b"\x00\x00\x00\x08\x04\xd2\x16/", b"\x00\x00\x00\x08\x04\xd2\x160"):
            client.sendall(b"N")
        upstream.sendall(first)
        while data := client.recv(65536):
            self.packets += 1
            upstream.sendall(data)
        upstream.close()

    def _down(self, upstream: socket.socket, client: socket.socket) -> None:
        buffer = b""
        try:
            while data := upstream.recv(65536):
                buffer += data
                while len(buffer) >= 5:
                    length = 1 + int.from_bytes(buffer[1:5])
                    if len(buffer) < length:
                        break
                    self.ready += buffer[:1] == b"Z"
                    buffer = buffer[length:]
                client.sendall(data)
        except OSError:
            return


@pytest.fixture
def wire(own_db: Any) -> Iterator[Wire]:
    target = connections["default"].settings_dict
    before = {key: target[key] for key in ("HOST", "PORT")}
    connections["default"].ensure_connection()
    info = connections["default"].connection.info
    relay = Wire({"HOST": info.host, "PORT": str(info.port)})
    yield relay
    connections.close_all()
    target.update(before)
    relay.server.close()
