"""Who calls the interface, and for which body: the session of the desk, with its token against forgery on everything that writes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from ninja import Field, Router, Schema
from ninja.security import APIKeyCookie

from yifa.kernel.people import queries
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.middleware import POST
from yifa.kernel.people.models import Person
from yifa.kernel.people.roles import LABELS
from yifa.kernel.problems import Role, Trouble, problems


class ActorRequest(HttpRequest):
    """A request as it reaches an operation: `auth` is who acts."""

    auth: Actor
    user: Person


class SignedIn(APIKeyCookie):
    """The session cookie. A person without a standing post acts for nobody and is told so."""

    param_name: str = settings.SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        if not request.user.is_authenticated:
            return None
        actor: Actor | None = getattr(request, "actor", None)
        if actor is None:
            raise Trouble("forbidden", "您现在没有岗位，请先选择岗位或者联系系统管理员")
        return actor


class PostOut(Schema):
    id: str = Field(title="岗位编号")
    name: str = Field(title="岗位")
    organisation: str = Field(title="所在机关")
    roles: list[str] = Field(title="角色")
    current: bool = Field(title="是否正在使用")


class Me(Schema):
    person: str = Field(title="人员编号")
    name: str = Field(title="姓名")
    post: str = Field(title="正在使用的岗位")
    organisation: str = Field(title="代表的机关")
    organisation_name: str = Field(title="机关名称")
    region: str = Field(title="区划")
    league: str = Field(title="盟市")
    roles: list[Role] = Field(title="角色")
    certificate: str | None = Field(title="执法证号")
    posts: list[PostOut] = Field(title="全部岗位")


class Chosen(Schema, extra="forbid"):
    post: UUID = Field(title="岗位编号")


router = Router(tags=["人员"])


@router.get("/me", response={200: Me, **problems(401, 403)}, summary="我是谁，代表哪个机关", operation_id="get_me")
def me(request: ActorRequest) -> dict[str, Any]:
    return _me(request, request.auth)


@router.put("/me/post", response={200: Me, **problems(401, 403, 404, 413, 422)}, summary="换一个岗位", operation_id="choose_post")
def choose_post(request: ActorRequest, chosen: Chosen) -> dict[str, Any]:
    """以后的请求都以这个岗位、代表它的机关办理。"""
    actor = queries.actor(request.user, str(chosen.post))
    if actor is None:
        raise Trouble("not_found", "您没有这个岗位，或者该岗位已经结束")
    request.session[POST] = actor.post
    return _me(request, actor)


def _me(request: ActorRequest, actor: Actor) -> dict[str, Any]:
    return {
        "person": actor.person,
        "name": actor.name,
        "post": actor.post,
        "organisation": actor.organisation,
        "organisation_name": actor.organisation_name,
        "region": actor.region,
        "league": actor.league,
        "roles": [{"role": role, "title": LABELS[role]} for role in sorted(actor.roles)],
        "certificate": actor.certificate,
        "posts": [vars(chair) for chair in queries.chairs(request.user, actor.post)],
    }
