"""All of it, with the figures at the end: `make fuzz`, or `make fuzz SEED=20261125` to repeat a run."""

import json
import os
import secrets
import subprocess
import sys
from collections import Counter
from statistics import median

from tests.fuzz import RESULTS

# What a whole run sends at least.
FEWEST = 20_000
_TESTS = "tests/fuzz/test_fuzz.py"


def main() -> int:
    given = sys.argv[1] if len(sys.argv) > 1 and sys.argv[1] else str(secrets.randbelow(10**8))
    for old in RESULTS.glob("*.json"):
        old.unlink()
    command = [sys.executable, "-m", "pytest", "-q", "-n", "logical", "-o", "faulthandler_timeout=0", _TESTS]
    done = subprocess.run(command, env=os.environ | {"FUZZ": "whole", "FUZZ_SEED": given}, check=False)  # noqa: S603 - our own tests
    sent = report(given)
    return done.returncode or int(sent < FEWEST)


def report(seed: str) -> int:
    """Print the figures of the parts together; gives the number of requests."""
    parts = [json.loads(path.read_text()) for path in sorted(RESULTS.glob("*.json"))]
    addresses, statuses = Counter[str](), Counter[str]()
    for part in parts:
        addresses.update(part["addresses"])
        statuses.update(part["statuses"])
    counts = sorted(addresses.values())
    total = sum(counts)
    print(f"\nseed {seed}: {total:,} requests to {len(counts)} addresses and forms")
    print(f"answers by status: {dict(sorted(statuses.items()))}")
    if counts:
        print(f"to each: at least {counts[0]}, in the middle {median(counts):.0f}, at most {counts[-1]}")
    for part in parts:
        times, which = part["slowest"]
        print(
            f"an ordinary page took {part['ordinary page, in ms']} ms; the slowest answer {times} times that: {which}"
        )
    (RESULTS / "all.txt").write_text("".join(f"{count:6} {name}\n" for name, count in addresses.most_common()))
    print(
        f"requests to each address: {RESULTS / 'all.txt'}; what was wrong: {sum(len(part['wrong']) for part in parts)}"
    )
    return total


if __name__ == "__main__":
    sys.exit(main())
