"""The process apart: a file on standard input, its kind as argument; cleaned on standard output, or a reason.

Started by core.cleaning.apart. Imports nothing of Django.
"""

import resource
import sys

from core.cleaning.reasons import Reason, Refused

MEMORY = 1536 * 1024 * 1024
SECONDS = 30
REFUSED = 3


def clean(content: bytes, suffix: str) -> bytes:
    """The cleaned file. Raises Refused."""
    if suffix == ".pdf":
        from core.cleaning.pdfs import clean_pdf  # noqa: PLC0415 - only what this kind needs is loaded

        return clean_pdf(content)
    if suffix in {".docx", ".xlsx", ".odt", ".ods"}:
        from core.cleaning.office import clean_office  # noqa: PLC0415

        return clean_office(content, suffix)
    from core.cleaning.pictures import clean_picture  # noqa: PLC0415

    return clean_picture(content, suffix)


def main() -> int:
    """Clean one file; the exit code says whether."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        cleaned = clean(sys.stdin.buffer.read(), sys.argv[1])
    except Refused as refused:
        sys.stderr.write(refused.reason)
        return REFUSED
    except MemoryError:
        sys.stderr.write(Reason.BOMB)
        return REFUSED
    except Exception:  # noqa: BLE001 - on damaged files readers raise whatever comes to them
        sys.stderr.write(Reason.UNREADABLE)
        return REFUSED
    sys.stdout.buffer.write(cleaned)
    return 0


if __name__ == "__main__":
    sys.exit(main())
