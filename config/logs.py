"""Structured logs: one JSON object a line, of events and ids, never of what people wrote."""

import logging
from typing import Any

import structlog

# A key under one of these names would be content; it is dropped wherever it comes from.
PERSONAL_KEYS = frozenset(
    {"email", "name", "text", "body", "title", "answer", "answers", "value", "subject", "to", "address", "password"}
)


def drop_personal(_logger: object, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Remove the keys that could hold personal content."""
    return {key: value for key, value in event.items() if key not in PERSONAL_KEYS}


def drop_exception_text(_logger: object, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Keep where an error arose and its class; its message may quote what a person typed."""
    info = event.pop("exc_info", None)
    if info is True:
        import sys  # noqa: PLC0415 - only on the error path

        info = sys.exc_info()
    if isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    if info and info[0] is not None:
        frames, trace = [], info[2]
        while trace is not None:
            code = trace.tb_frame.f_code
            frames.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}:{code.co_name}")
            trace = trace.tb_next
        event["error"] = info[0].__name__
        event["where"] = frames[-12:]
    return event


def drop_arguments_of_others(_logger: object, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Keep the sentence of Django's records, and of Celery's about trouble, without what they fill in; of Gunicorn's
    about trouble, which come filled in, the place alone.

    Django and Gunicorn fill in addresses, which hold references and secrets of links, Gunicorn also those of networks;
    Celery fills in the text of errors.
    """
    record = event.get("_record")
    if record is not None:
        library = str(record.name).partition(".")[0]
        if library == "django" or (library == "celery" and record.levelno >= logging.WARNING):
            event["event"] = str(record.msg)
        elif library == "gunicorn" and record.levelno >= logging.WARNING:
            event["event"] = f"{record.module}:{record.lineno}:{record.funcName}"
    return event


PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    drop_personal,
    drop_exception_text,
    drop_arguments_of_others,
]


def logging_config(*, level: str, json: bool) -> dict[str, Any]:
    """Django's LOGGING; standard-library records go through the same processors as our own."""
    structlog.configure(
        processors=[*PROCESSORS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    renderer = structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer()
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": PROCESSORS,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            }
        },
        "handlers": {"default": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["default"], "level": level},
        "loggers": {
            "django.request": {"level": "ERROR"},
            "django.server": {"level": "WARNING"},
            # In place of Gunicorn's own, which writes addresses and what errors say.
            "gunicorn.error": {"handlers": ["default"], "level": "INFO", "propagate": False},
            # SQL and its parameters are content.
            "django.db.backends": {"level": "WARNING"},
        },
    }
