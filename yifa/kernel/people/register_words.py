"""How an entry on a register object is called where people read it: the object's kind, and what was done. Pure."""

from __future__ import annotations

from yifa.kernel.people import certificate, subjects

OBJECTS = {"person": "人员", "certificate": "执法证件", "organisation": "机关", "region": "区划", "sign-in": "登录", "grant": "授权查阅"}
_OF_PEOPLE = {
    "found": "设立首个账户",
    "register": "登记",
    "appoint": "增设岗位",
    "change_roles": "调整角色",
    "end_post": "结束岗位",
    "transfer": "调动",
    "open_account": "启用账户",
    "close_account": "停用账户",
    "issue_slip": "打印激活单",
    "change_password": "更换口令",
    "reset_factor": "重置第二因素",
    "release": "解锁",
}
_OF_BODIES = {"register": "登记", "change": "修改", "succeed": "登记承继", "entrust": "登记委托"}
STEPS: dict[str, dict[str, str]] = {
    "person": _OF_PEOPLE,
    "certificate": {"apply": "申领"} | {key: act.label for key, act in certificate.ACTS.items()},
    "organisation": _OF_BODIES | {key: act.label for key, act in subjects.ACTS.items()},
    "region": {"seat_government": "登记政府名称、地址和电话"},
    "sign-in": {"sign_in": "登录"},
    "grant": {"give": "授予", "withdraw": "收回"},
}


def object_of(chain: str) -> tuple[str, str]:
    """A chain as (kind in words, what is behind the colon): 执法证件, 15020310001."""
    kind, _, name = chain.partition(":")
    return OBJECTS.get(kind, "其他登记"), name


def step_of(chain: str, step: str) -> str:
    """What was done, in words; a step nobody has named yet keeps its key, so that it is not passed over."""
    return STEPS.get(chain.partition(":")[0], {}).get(step, step)
