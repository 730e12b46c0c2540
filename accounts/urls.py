"""/accounts/: after signing in, preferences, invitations, leaving. allauth has the rest of /accounts/."""

from django.urls import path

from accounts.views import invitations, people, preferences, security, session

app_name = "accounts"
urlpatterns = [
    path("landing/", session.landing, name="landing"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("invitation/<str:token>/", invitations.invitation, name="invitation"),
    path("language/", session.set_language, name="set_language"),
    path("leave/", session.leave, name="leave"),
    path("second-step/", security.second_step, name="second_step"),
    path("sessions/", security.sessions, name="sessions"),
    path("sessions/end/", security.end_others, name="end_other_sessions"),
    path("sessions/<uuid:session_id>/end/", security.end_one, name="end_session"),
    path("people/", people.staff_people, name="staff_people"),
    path("people/roles/<uuid:role_id>/end/", people.end_role, name="end_role"),
    path("people/invitations/<uuid:invitation_id>/withdraw/", people.withdraw, name="withdraw_invitation"),
]
