"""What a line of the reading log says: what was read, in which way, by which right. The keys are stored and never renamed. Pure."""

from __future__ import annotations

# What was read.
PARTY, COURSE, DOCUMENTS, EVIDENCE = "party", "course", "documents", "evidence"
RECEIPT, PREVIEW, COMPLAINANT, OFFICER = "receipt", "preview", "complainant", "officer"
EXPERT, APPLICANT, COMMENTER = "expert", "applicant", "commenter"
ITEMS: dict[str, str] = {
    PARTY: "当事人信息",
    COURSE: "办案经过",
    DOCUMENTS: "文书",
    EVIDENCE: "证据",
    RECEIPT: "凭据",
    PREVIEW: "文书草稿",
    COMPLAINANT: "投诉人信息",
    OFFICER: "人员联系方式",
    EXPERT: "专家联系方式",
    APPLICANT: "听证报名人信息",
    COMMENTER: "提意见人信息",
}
# How it was handed out.
PAGE, API, DOWNLOAD, PORTAL = "page", "api", "download", "portal"
WAYS: dict[str, str] = {PAGE: "页面", API: "接口", DOWNLOAD: "下载", PORTAL: "公众门户"}
# By which right. The first four are those of a scope (`kernel.access.scope`).
OWN, TERRITORY, GRANT, ROLE, PROOF, OFFICE = "own", "territory", "grant", "role", "proof", "office"
GROUNDS: dict[str, str] = {
    OWN: "本机关及所属",
    TERRITORY: "监督辖区",
    GRANT: "授权查阅",
    ROLE: "承办或者协办",
    PROOF: "当事人凭核验码",
    OFFICE: "管理职责",
}


def what(items: list[str], detail: str = "") -> str:
    """当事人信息、文书（当场行政处罚决定书）; a key nobody has named keeps its letters, so that it is not passed over."""
    words = "、".join(ITEMS.get(item, item) for item in items)
    return f"{words}（{detail}）" if detail else words
