"""The searchable text of an application."""

from grants.models import Application
from names import search_blob


def search_text(application: Application) -> str:
    """Reference, title and every name of the organisation in normal forms; nothing for a restricted application."""
    if application.is_restricted:
        return ""
    names = [name.text for name in application.organization.names.all()] or list(application.organization.name.values())
    return search_blob([application.reference, application.title, *names])


def refresh_search(application: Application) -> None:
    """Write the text anew, when title, names or confidentiality changed."""
    application.search = search_text(application)
    application.save(update_fields=["search"])
