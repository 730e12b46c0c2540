"""Addresses: / public, /accounts/, /apply/ applicants, /staff/ portal, /admin/, /healthz, /readyz."""

from django.contrib import admin
from django.urls import include, path

from accounts.views.session import set_language
from core.health import healthz, readyz
from core.wellknown import robots, security_txt

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("robots.txt", robots, name="robots"),
    path(".well-known/security.txt", security_txt, name="security_txt"),
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("language/", set_language, name="set_language"),
    path("inbox/", include("accounts.urls_inbox")),
    path("admin/", admin.site.urls),
    path("apply/organisations/", include("organizations.urls.applicant")),
    path("apply/", include("grants.urls.applicant")),
    path("staff/deputies/", include("accounts.urls_deputies")),
    path("staff/organisations/", include("organizations.urls.staff")),
    path("staff/", include("diligence.urls")),
    path("staff/", include("insights.urls")),
    path("", include("reviews.urls")),
    path("staff/", include("grants.urls.staff")),
    path("", include("grants.urls.public")),
]

handler500 = "core.failures.server_error"
handler429 = "core.failures.too_many_requests"
