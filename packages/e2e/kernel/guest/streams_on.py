"""streams_on.py: a program that streams from a battery streams on through every command and its Ctrl-C."""
import os
import signal
import subprocess
import sys
import time

from commands import BATTERY, COMMANDS, Command

# Between two notifications of a battery that sends cell data once in a second; what more is a gap.
MOST = 5

LOG = "/tmp/bleak.log"
env = {**os.environ, "PYTHONPATH": "/opt/python"}
stream = subprocess.Popen([sys.executable, "/guest/bleak_streams.py", BATTERY], env=env, stdout=open(LOG, "w"))


def times() -> list[float]:
    with open(LOG) as file:
        lines = [line.split() for line in file if line.endswith("\n")]
    if any(line[1] == "lost" for line in lines):
        raise SystemExit("its link was lost")
    if stream.poll() is not None:
        raise SystemExit(f"it ended with {stream.returncode}")
    return [float(time) for time, _ in lines]


def gap_since(began: float) -> float:
    """The longest time without a notification since then."""
    inside = [at for at in times() if at >= began]
    edges = [began, *inside, time.monotonic()]
    return max(after - before for before, after in zip(edges, edges[1:]))


while len(times()) < 20:
    time.sleep(0.2)
worst = 0.0
for name in COMMANDS:
    for how in (signal.SIGINT, signal.SIGTERM):
        began = time.monotonic()
        command = Command(name, [], as_user=True)
        by_itself = command.ended_well(9)
        took = 0.0 if by_itself else command.end(how)
        time.sleep(4)
        gap = gap_since(began)
        worst = max(worst, gap)
        print(f"{name}, ended by {'itself' if by_itself else how.name} ({took:.2f} s): longest gap {gap:.2f} s", flush=True)
stream.terminate()
print(f"longest gap of all: {worst:.2f} s")
sys.exit(worst > MOST)
