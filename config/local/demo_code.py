"""The code with which somebody of the demo takes the second step of signing in, as their app would show it.

    make demo-code EMAIL=officer@demo.example

Only for a demo that runs from this folder: its secrets are known to everybody, and no other system has them.
"""

import json
import sys
import time

from config.local.demo_accounts import PERIOD, code_of, has_second_step
from config.local.place import default_place


def refusal(address: str) -> str:
    """Why there is no code for this address; empty when there is one."""
    state = default_place().var / "running.json"
    try:
        found = json.loads(state.read_text())
    except (OSError, ValueError):
        return "No demo runs from this folder. Start it with `make demo`, and ask again while it runs."
    if not found.get("demo"):
        return "What runs from this folder is no demo. Its people have secrets of their own, in their own apps."
    if not address:
        return "Say whose: make demo-code EMAIL=officer@demo.example"
    if address.startswith("applicant") and address.endswith("@demo.example"):
        return f"{address} applies, and signs in with the password alone."
    if not has_second_step(address):
        return f"{address} is nobody of the demo. `make demo` prints who is."
    return ""


def main(arguments: list[str]) -> int:
    """Print the code and for how long it is shown, or say why not."""
    address = " ".join(arguments).strip().lower()
    if why := refusal(address):
        print(why, file=sys.stderr)
        return 1
    print(code_of(address))
    print(f"for {address}, {PERIOD - int(time.time()) % PERIOD} seconds more", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
