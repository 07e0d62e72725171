"""`yifa manage …`: Django's own management commands, as the owner of the database."""

from __future__ import annotations

import argparse

from django.core.management import execute_from_command_line

from yifa.site import local
from yifa.site.migrate import as_owner


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="the command and its arguments")


def main(options: argparse.Namespace) -> int:
    with local.database():
        as_owner()
        execute_from_command_line(["yifa manage", *options.rest])
    return 0
