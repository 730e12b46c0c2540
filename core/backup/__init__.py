"""One file that holds everything: the database, the files as they lie sealed, and what is needed to trust both.

A backup is a tar of four kinds of parts, in this order:

    database.sealed     pg_dump's custom format, sealed under a key that the ring wraps
    files/…             every file that a row of that dump names, as it lies in the storage
    manifest.json       counts, digests of all parts, versions, the audit's last digest, names of the ring keys needed
    seal.json           a keyed digest of the manifest, by the newest key of the ring

The ring itself is in none of them. Nothing of a backup can be read, changed or made without it, and a file that has no
`seal.json` at its end was interrupted and is no backup.
"""

from django.db.models import Model

from core.registry import Registry

FORMAT = 1
DATABASE = "database.sealed"
FILES = "files/"
MANIFEST = "manifest.json"
SEAL = "seal.json"
# Rows with which somebody could go on as somebody else. Whoever is signed in signs in again after a restore.
not_kept: Registry[type[Model]] = Registry("tables whose rows no backup holds")


class BackupError(Exception):
    """It cannot be saved or restored; the message says why and what to do, to the person at the terminal."""
