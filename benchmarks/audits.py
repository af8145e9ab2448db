"""What it costs to audit a stored run: each audit by itself, and all of them together.

    glasshouse run essay --citizens 1000000 --days 1096 --regime none --regime rongcheng --regime essay --out big
    python benchmarks/audits.py big              a table on standard output: seconds, and the most memory held, in MiB
    python benchmarks/audits.py big ties aims    of these alone

Each is asked in a process of its own, and with it comes what every process costs: starting Python and reading the program.
"""

import os
import sys
import time
from subprocess import Popen

from glasshouse.audits import AUDITS

ASK = "import sys; import glasshouse as gh; gh.audit(gh.open_run(sys.argv[1]), sys.argv[2:] or None)"
KIB = 1024


def cost(folder: str, names: list[str]) -> tuple[float, float, float]:
    """Seconds, seconds of processor and MiB of asking some audits of a run; of all where none is named.

    Raises:
        RuntimeError: they could not be asked.
    """
    began = time.monotonic()
    child = Popen([sys.executable, "-c", ASK, folder, *names])
    _, status, used = os.wait4(child.pid, 0)
    if os.waitstatus_to_exitcode(status):
        raise RuntimeError(f"{' '.join(names) or 'all'} of {folder} could not be asked")
    return time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / KIB


def main(folder: str, names: list[str]) -> None:
    """Prints the table."""
    print("| audit | s | s of processor | MiB |\n|---|---|---|---|")
    for name in names or AUDITS:
        print("| {} | {:.1f} | {:.1f} | {:,.0f} |".format(name, *cost(folder, [name])), flush=True)
    if not names:
        print("| all together | {:.1f} | {:.1f} | {:,.0f} |".format(*cost(folder, [])))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
