"""Addresses: / public, /accounts/, /apply/ applicants, /staff/ portal, /admin/, /healthz, /readyz."""

from django.contrib import admin
from django.urls import include, path

from core.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
