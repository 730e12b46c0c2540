"""Writing and reading the file: a temporary name until it is whole, and a digest of every part."""

import hashlib
import hmac
import io
import json
import os
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, Self

from core.backup import FORMAT, MANIFEST, SEAL, BackupError
from core.crypto import CannotOpen, mac_with_ring

_PIECE = 1024 * 1024
_CONTEXT = "backup-manifest"


@dataclass(frozen=True, slots=True)
class Part:
    """Size in bytes and SHA-256 (in hex) of one part."""

    size: int
    sha256: str


@dataclass(slots=True)
class Manifest:
    """What a backup says of itself."""

    made_at: str
    # Of PostgreSQL, and the last migration of each app.
    postgresql: int
    migrations: dict[str, list[str]]
    # Rows of each table.
    tables: dict[str, int]
    # The last link of the audit's chain and its digest, empty where nothing is sealed yet.
    audit: dict[str, Any]
    # By the name of a ring key: how much it holds, and a proof by which the right one is known again.
    keys: dict[str, dict[str, Any]]
    # The key of the dump, wrapped by the ring (base64).
    database_key: str
    parts: dict[str, Part] = field(default_factory=dict)
    # Files that rows name and the storage did not have.
    missing_files: list[str] = field(default_factory=list)
    format: int = FORMAT

    def to_json(self) -> bytes:
        """As it is written."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True).encode()

    @classmethod
    def from_json(cls, text: bytes) -> Self:
        """Raises BackupError when it is of another format."""
        found = json.loads(text)
        if found.get("format") != FORMAT:
            raise BackupError("This backup is of a format that this release does not know. Use the one that made it.")
        found["parts"] = {name: Part(**part) for name, part in found["parts"].items()}
        return cls(**found)


class _Hashed:
    """A stream that is read once, and its digest; what it gives is what tarfile copies."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream, self.size, self.digest = stream, 0, hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        piece = self.stream.read(size)
        self.size += len(piece)
        self.digest.update(piece)
        return piece


class Writer:
    """Adds parts to a tar. Nothing is kept in memory."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self.tar = tar
        self.parts: dict[str, Part] = {}

    def add(self, name: str, stream: IO[bytes], size: int) -> None:
        """One part of so many bytes."""
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        hashed = _Hashed(stream)
        self.tar.addfile(member, hashed)
        self.parts[name] = Part(hashed.size, hashed.digest.hexdigest())

    def finish(self, manifest: Manifest) -> str:
        """The manifest and its seal, which makes it a backup; returns the manifest's digest."""
        manifest.parts = dict(self.parts)
        text = manifest.to_json()
        name, mac = mac_with_ring(text, context=_CONTEXT)
        for part, content in ((MANIFEST, text), (SEAL, json.dumps({"key": name, "mac": mac.hex()}).encode())):
            self.add(part, io.BytesIO(content), len(content))
        return hashlib.sha256(text).hexdigest()


@contextmanager
def written(path: Path) -> Iterator[tuple[Writer, Path]]:
    """A writer, and a place beside it for a part that must be whole before it is added. The file has its name once all
    of it is on the disk; when anything fails, nothing is left.

    Raises:
        BackupError: there is a file of that name, or no such folder.
    """
    if path.exists():
        raise BackupError(f"{path} is there already, and no backup is ever overwritten. Choose another name.")
    if not path.parent.is_dir():
        raise BackupError(f"There is no folder {path.parent}. Make it, readable by you alone.")
    partial, beside = (path.with_name(f".{path.name}.{os.getpid()}.{end}") for end in ("partial", "dump"))
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw:
            with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as tar:
                yield Writer(tar), beside
            raw.flush()
            os.fsync(raw.fileno())
        _name(partial, path)
    finally:
        partial.unlink(missing_ok=True)
        beside.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _name(partial: Path, path: Path) -> None:
    """Give a finished file its name, unless somebody has made one of that name meanwhile."""
    try:
        os.link(partial, path)
    except FileExistsError as error:
        raise BackupError(f"{path} was made by somebody else meanwhile.") from error
    except OSError:  # a disk that knows no second names, such as one for carrying about
        if path.exists():
            raise BackupError(f"{path} was made by somebody else meanwhile.") from None
        partial.rename(path)


class Reader:
    """A backup that is there, opened; use `opened`."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self.tar = tar
        self.members = {member.name: member for member in tar.getmembers()}
        if MANIFEST not in self.members or SEAL not in self.members:
            raise BackupError("This is no whole backup: its end, with the manifest and its seal, is missing.")
        text = self._whole(MANIFEST)
        self._check_seal(text)
        self.manifest = Manifest.from_json(text)

    def _whole(self, name: str) -> bytes:
        return self.stream(name).read()

    def stream(self, name: str) -> IO[bytes]:
        """One part, to be read from its beginning."""
        found = self.tar.extractfile(self.members[name])
        if found is None:
            raise BackupError(f"{name} is no file.")
        return found

    def pieces(self, name: str) -> Iterator[bytes]:
        """The same, piece by piece."""
        stream = self.stream(name)
        while piece := stream.read(_PIECE):
            yield piece

    def _check_seal(self, text: bytes) -> None:
        seal = json.loads(self._whole(SEAL))
        try:
            _name, expected = mac_with_ring(text, context=_CONTEXT, name=seal["key"])
        except CannotOpen as error:
            raise BackupError(
                f"This backup was sealed by the key {seal['key']}, which is not in ENCRYPTION_KEYS. Put it there (at "
                "the end is enough), and start again."
            ) from error
        if not hmac.compare_digest(expected.hex(), str(seal["mac"])):
            raise BackupError(
                f"{MANIFEST} was changed after the backup was made, or the ring has another key of the name "
                f"{seal['key']} than the one that sealed it. Run restore with the ring of that time; if this was the "
                "ring, do not trust this file."
            )

    def broken_parts(self) -> list[str]:
        """What is missing, was changed or was added, each with its name."""
        manifest = self.manifest
        found = [f"{name}: missing" for name in sorted(manifest.parts.keys() - self.members.keys())]
        known = manifest.parts.keys() | {MANIFEST, SEAL}
        found += [f"{name}: added" for name in sorted(self.members.keys() - known)]
        for name in sorted(manifest.parts.keys() & self.members.keys()):
            part = manifest.parts[name]
            if digest_of(self.pieces(name)) != part:
                found.append(f"{name}: changed")
        return found


def digest_of(pieces: Iterable[bytes]) -> Part:
    """Size and digest of what is read."""
    size, digest = 0, hashlib.sha256()
    for piece in pieces:
        size += len(piece)
        digest.update(piece)
    return Part(size, digest.hexdigest())


@contextmanager
def opened(path: Path) -> Iterator[Reader]:
    """A backup whose manifest is authentic. Raises BackupError."""
    try:
        tar = tarfile.open(path, mode="r:")  # noqa: SIM115 - closed below
    except FileNotFoundError as error:
        raise BackupError(f"There is no file {path}.") from error
    except (tarfile.TarError, OSError) as error:
        raise BackupError(f"{path} is no backup of Mainstay, or its end is missing.") from error
    with tar:
        try:
            reader = Reader(tar)
        except (tarfile.TarError, OSError, ValueError, KeyError, TypeError) as error:
            raise BackupError(f"{path} is no whole backup of Mainstay: it cannot be read to its end.") from error
        yield reader
