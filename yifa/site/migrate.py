"""`yifa migrate`: bring the database to this version, as its owner, and let the working role use what is made."""

from __future__ import annotations

import argparse

import django
import psycopg
from django.core.management import call_command
from psycopg import sql

from yifa.site import local
from yifa.site.postgres import APP


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--quiet", action="store_true", help="print errors only")


def main(options: argparse.Namespace) -> int:
    with local.database():
        migrate(quiet=options.quiet)
    return 0


def migrate(*, quiet: bool) -> None:
    """Rights first, so that every table is born with them; then the migrations. Django is set up on the owner's URL."""
    from django.conf import settings

    as_owner()
    grant(settings.DATABASE_OWNER_URL)
    django.setup()
    call_command("migrate", interactive=False, verbosity=0 if quiet else 1)


def as_owner() -> None:
    """Let Django's default connection of this process be the owner's."""
    from django.conf import settings

    from yifa.site.settings import database

    settings.DATABASES["default"] = database(settings.DATABASE_OWNER_URL)


def grant(owner_url: str) -> None:
    """What the owner makes from now on the working role may use; migrations take back what it must not do (the record)."""
    with psycopg.connect(owner_url, autocommit=True) as connection:
        role = sql.Identifier(APP)
        for rights, things in (("SELECT, INSERT, UPDATE, DELETE", "TABLES"), ("USAGE", "SEQUENCES"), ("EXECUTE", "FUNCTIONS")):
            statement = sql.SQL(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {rights} ON {things} TO {{}}")
            connection.execute(statement.format(role))
