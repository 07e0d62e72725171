"""Writes of this room: every function is one act, one transaction, one entry; the actor is the keyword `by`."""

from yifa.kernel.people.services._record import record
from yifa.kernel.people.services.accounts import (
    PrintedSlip,
    activate,
    change_password,
    issue_slips,
    note_attempt,
    record_sign_in,
    release,
    reset_factor,
)
from yifa.kernel.people.services.bodies import act_on_organisation, add_organisation, change_organisation, entrust, heirs, succeed
from yifa.kernel.people.services.certificates import act_on_certificate, apply_for_certificate
from yifa.kernel.people.services.founding import found, seat_government
from yifa.kernel.people.services.posts import add_person, add_post, change_roles, end_post, set_active, transfer
from yifa.kernel.people.services.readings import note_reading
from yifa.kernel.people.services.regions import Fault, Report, government_of, import_regions, load_reference

__all__ = [
    "Fault",
    "PrintedSlip",
    "Report",
    "act_on_certificate",
    "act_on_organisation",
    "activate",
    "add_organisation",
    "add_person",
    "add_post",
    "apply_for_certificate",
    "change_organisation",
    "change_password",
    "change_roles",
    "end_post",
    "entrust",
    "found",
    "government_of",
    "heirs",
    "import_regions",
    "issue_slips",
    "load_reference",
    "note_attempt",
    "note_reading",
    "record",
    "record_sign_in",
    "release",
    "reset_factor",
    "seat_government",
    "set_active",
    "succeed",
    "transfer",
]
