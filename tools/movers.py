"""Screens every assumed number of a scenario and writes which ones move each headline most (experiments/data/movers.toml)."""

import sys
import time

from glasshouse.experiments.ranges import EACH, screen
from glasshouse.present import headlines
from glasshouse.scenarios import load
from glasshouse.scenarios.screened import MOVERS


def main(name: str) -> None:
    """Screens one scenario: some minutes."""
    began = time.perf_counter()
    found = screen(load(name), headlines, lambda done, total: print(f"\r{done}/{total}", end="", file=sys.stderr))
    lines = [
        "# Which assumed numbers move each headline most, found by tools/movers.py: one number at a time, at both ends of its range.",
        "",
        f"[{name}]",
    ]
    for headline, movers in found.items():
        keys = [k for k, size in movers if size > 0][:EACH]
        if keys:
            lines.append(f'"{headline}" = [{", ".join(repr(k).replace(chr(39), chr(34)) for k in keys)}]')
    MOVERS.write_text("\n".join(lines) + "\n")
    print(f"\n{len(found)} headlines in {time.perf_counter() - began:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "essay")
