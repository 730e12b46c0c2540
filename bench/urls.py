"""The product's addresses and one more: a bare view that renders as many bytes as it is told."""

from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.urls import path

from config.urls import urlpatterns as product

_TEMPLATE = Template("<!doctype html><title>floor</title>{{ text }}")
_MOST = 5_000_000


def floor(request: HttpRequest) -> HttpResponse:
    """`size` bytes of plain text through Django's template engine."""
    size = min(int(request.GET.get("size", "0")), _MOST)
    words = "We document what happened and who was there. "
    return HttpResponse(_TEMPLATE.render(Context({"text": (words * (size // len(words) + 1))[:size]})))


urlpatterns = [path("bench-floor", floor), *product]
