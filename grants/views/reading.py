"""All that was written in an application, to be read on a page."""

from typing import Any

from grants.form_tree import form_tree
from grants.models import Application
from grants.questions.rendering import Answered, answered
from grants.services.answers import place_of, read_answers
from grants.services.attachments import live_attachments
from grants.services.budget import lines_of, sum_asked


def everything(application: Application) -> dict[str, Any]:
    """All that was written, to be read: sections with answers, budget, files."""
    tree, values, files = (
        form_tree(application.form_version_id),
        read_answers(application),
        live_attachments(application),
    )
    place = place_of(application, {str(row.pk): row for row in files})
    sections: list[tuple[Any, list[Answered]]] = [
        (section, answered(tree, section.questions, values, place)) for section in tree.sections
    ]
    lines = lines_of(application)
    return {
        "sections": [(section, rows) for section, rows in sections if rows],
        "values": values,
        "lines": lines,
        "asked": sum_asked(lines),
        "files": files,
    }
