"""The roles of a post. Permissions are rows of `access` by role; these keys are stored and never renamed."""

from __future__ import annotations

OFFICER, HEAD, REVIEWER, DISCLOSER, FINANCE = "officer", "head", "reviewer", "discloser", "finance"
SECTION_CHIEF, DEPUTY_DIRECTOR, DIRECTOR = "section_chief", "deputy_director", "director"
SUPERVISOR, ASSESSOR = "supervisor", "assessor"
ADMIN_SYSTEM, ADMIN_SECURITY, ADMIN_AUDIT = "admin_system", "admin_security", "admin_audit"

LABELS: dict[str, str] = {
    OFFICER: "经办",
    HEAD: "负责人",
    REVIEWER: "法制审核",
    DISCLOSER: "公示",
    FINANCE: "财务",
    SECTION_CHIEF: "处（科）长",
    DEPUTY_DIRECTOR: "分管副厅（局）长",
    DIRECTOR: "厅（局）长",
    SUPERVISOR: "监督",
    ASSESSOR: "考核",
    ADMIN_SYSTEM: "系统管理员",
    ADMIN_SECURITY: "安全管理员",
    ADMIN_AUDIT: "审计管理员",
}
ADMINISTRATORS = frozenset({ADMIN_SYSTEM, ADMIN_SECURITY, ADMIN_AUDIT})
# Who works on the body's own dossiers, and who looks at all dossiers of its territory and line.
WORKERS = frozenset({OFFICER, HEAD, REVIEWER, DISCLOSER, FINANCE, SECTION_CHIEF, DEPUTY_DIRECTOR, DIRECTOR})
OVERSEERS = frozenset({SUPERVISOR, ASSESSOR})


def refusal(roles: frozenset[str], others: frozenset[str]) -> str:
    """Why one person cannot take `roles` beside `others` (of his other posts): 三员分立, and administrators do no business."""
    if unknown := sorted(roles - LABELS.keys()):
        return f"没有这样的角色：{'、'.join(unknown)}"
    if not roles:
        return "至少选择一个角色"
    administration = (roles | others) & ADMINISTRATORS
    if len(administration) > 1:
        names = "、".join(LABELS[role] for role in sorted(administration))
        return f"系统、安全、审计三类管理员应当由不同的人担任（三员分立），不能同时任{names}"
    if roles & ADMINISTRATORS and roles - ADMINISTRATORS:
        return "管理员岗位不办理业务，请为业务角色另设岗位"
    return ""
