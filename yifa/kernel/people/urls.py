"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from yifa.kernel.people.pages import audit, bodies, doors, notices, people, readings

app_name = "people"
urlpatterns = [
    path("people/sign-in/", doors.sign_in, name="sign_in"),
    path("people/factor/", doors.factor, name="factor"),
    path("people/activate/", doors.activate, name="activate"),
    path("people/enrol/", doors.enrol, name="enrol"),
    path("people/sign-out/", doors.sign_out, name="sign_out"),
    path("people/posts/", doors.posts, name="posts"),
    path("people/act-for/", doors.act_for, name="act_for"),
    path("people/me/", doors.me, name="me"),
    path("people/notices/", notices.index, name="notices"),
    path("people/me/badge/<str:number>/", doors.badge, name="badge"),
    path("people/me/password/", doors.change_password, name="change_password"),
    path("people/", people.index, name="index"),
    path("people/new/", people.new, name="new"),
    path("people/slips/", people.slips, name="slips"),
    path("people/lockouts/", people.lockouts, name="lockouts"),
    path("people/p/<uuid:pk>/", people.person, name="person"),
    path("people/p/<uuid:pk>/<slug:act>/", people.person_act, name="person_act"),
    path("people/certificates/<str:number>/", people.certificate, name="certificate"),
    path("people/bodies/", bodies.index, name="bodies"),
    path("people/bodies/new/", bodies.edit, name="new_body"),
    path("people/bodies/<str:code>/", bodies.body, name="body"),
    path("people/bodies/<str:code>/edit/", bodies.edit, name="edit_body"),
    path("people/bodies/<str:code>/<slug:act>/", bodies.body_act, name="body_act"),
    path("audit/", audit.sign_ins, name="audit"),
    path("audit/acts/", audit.acts, name="audit_acts"),
    path("audit/readings/", readings.index, name="readings"),
]
