"""python -m bench [--rows 1000,10000,100000]: measure every page at each size, in one run on engines of its own.

Prints a table and writes var/bench.json: a list of objects with page, rows, sql, cpu_ms, db_ms, wall_ms and
floor_cpu_ms (a bare Django view that renders as many bytes). CPU is the web process's; db_ms is the wall time its
statements took. Lines at the end give notices and scores a second, and how long it takes to assign 500 applications and
to suggest a slate of them.
"""

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from config.local.engines import running
from config.local.place import CHECKOUT, Place

HEADER = f"{'page':24} {'rows':>8} {'SQL':>5} {'CPU ms':>8} {'DB ms':>8} {'wall ms':>8} {'floor CPU':>10}"


def sizes(text: str) -> list[int]:
    """`1000,10000` as numbers in growing order."""
    return sorted(int(part) for part in text.split(","))


def inside(folder: Path, wanted: list[int], target: Path) -> None:
    """Measure, with the engines running and the settings pointing at them."""
    import django  # noqa: PLC0415 - the environment comes first

    django.setup()
    from bench.assignment import measure_assignment, said  # noqa: PLC0415
    from bench.pages import measure_applicant, measure_staff  # noqa: PLC0415
    from bench.seed import grow_to, make_world  # noqa: PLC0415
    from bench.slate import report  # noqa: PLC0415
    from bench.throughput import notices_per_second, scores_per_second  # noqa: PLC0415

    world = make_world()
    rows = []
    print(HEADER, flush=True)
    for size in wanted:
        grow_to(world, size)
        for row in itertools.chain(measure_staff(world, size), measure_applicant(world, size)):
            rows.append(row.as_dict())
            print(
                f"{row.page:24} {row.rows:8,} {row.sql:5} {row.cpu_ms:8.1f} {row.db_ms:8.1f} {row.wall_ms:8.1f} "
                f"{row.floor_cpu_ms:10.1f}",
                flush=True,
            )
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(rows, indent=2) + "\n")
    print(f"\nnotices a second  {notices_per_second(folder):8.0f}")
    print(f"scores a second   {scores_per_second(world):8.0f}")
    print(said(measure_assignment(world)))
    print(report())
    print(f"\nwritten to {target.relative_to(CHECKOUT) if target.is_relative_to(CHECKOUT) else target}")


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=sizes, default=[1_000, 10_000, 100_000])
    parser.add_argument("--output", type=Path, default=CHECKOUT / "var" / "bench.json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mainstay bench ") as name:
        folder = Path(name).resolve()
        place = Place(folder)
        with running(place):
            os.environ.update(place.environment())
            os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
            os.environ["PRIVATE_FILES"] = str(folder / "files")
            owner = os.environ | {"DATABASE_URL": os.environ["DATABASE_OWNER_URL"]}
            subprocess.run(
                [sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=CHECKOUT, env=owner, check=True
            )
            inside(folder, options.rows, options.output.resolve())
    return 0


if __name__ == "__main__":
    sys.exit(main())
