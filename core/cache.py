"""The cache helps; it must never stop a page. When Valkey is away, every read misses and every write is dropped.

What should have gone meanwhile, such as a session that was ended, may still lie in it when it comes back: a process
that could not delete something empties it first.
"""

import time
from typing import Any

import structlog
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)
# After a failure nobody asks again for so long: a page asks many times, and would wait each time.
PAUSE_SECONDS = 3.0


# By address, as each thread has a cache of its own: until when the server is left alone.
_away_until: dict[str, float] = {}
# Addresses at which something lies that should be gone.
_stale: set[str] = set()
_DELETES = frozenset({"delete", "delete_many", "clear"})


class _OneClient(RedisCacheClient):
    """Keeps its client, which is only a way into the pool: Django makes one for every key it asks for."""

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        """The client of the one server that we have."""
        if not hasattr(self, "_kept"):
            self._kept = super().get_client(key, write=write)
        return self._kept


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache that treats an unreachable server as an empty cache."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._location = server
        self._class = _OneClient

    def _try(self, method: str, default: Any, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() < _away_until.get(self._location, 0.0):
            self._not_done(method)
            return default
        try:
            if self._location in _stale:
                super().clear()
                _stale.discard(self._location)
                log.warning("cache_emptied")
            return getattr(super(), method)(*args, **kwargs)
        except (RedisConnectionError, RedisError, OSError) as error:
            self._not_done(method)
            _away_until[self._location] = time.monotonic() + PAUSE_SECONDS
            log.warning("cache_unreachable", error=type(error).__name__)
            return default

    def _not_done(self, method: str) -> None:
        if method in _DELETES:
            _stale.add(self._location)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._try("get", default, key, default, version)

    def set(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> None:
        self._try("set", None, key, value, *args, **kwargs)

    def add(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> bool:
        return bool(self._try("add", True, key, value, *args, **kwargs))

    def delete(self, key: Any, version: int | None = None) -> bool:
        return bool(self._try("delete", False, key, version))

    def touch(self, key: Any, *args: Any, **kwargs: Any) -> bool:
        return bool(self._try("touch", False, key, *args, **kwargs))

    def get_many(self, keys: Any, version: int | None = None) -> dict[str, Any]:
        return dict(self._try("get_many", {}, keys, version))

    def set_many(self, data: Any, *args: Any, **kwargs: Any) -> list[str]:
        return list(self._try("set_many", [], data, *args, **kwargs))

    def delete_many(self, keys: Any, version: int | None = None) -> None:
        self._try("delete_many", None, keys, version)

    def clear(self) -> None:
        self._try("clear", False)

    def has_key(self, key: Any, version: int | None = None) -> bool:
        return bool(self._try("has_key", False, key, version))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        return int(self._try("incr", delta, key, delta, version))
