"""kill_at_random.py user|root ADAPTER TIMES: after kill -9 at a random moment, the next command reads."""
import random
import signal
import subprocess
import sys
import time

from commands import Command

# What a machine that is emulated on a busy one may take; what is wanted is 10 s.
MOST = 30

who, adapter, times = sys.argv[1], sys.argv[2], int(sys.argv[3])
began = time.monotonic()
subprocess.run(["node", "-e", "0"], check=True)
print(f"node alone: {time.monotonic() - began:.1f} s", flush=True)
all_took = []
for _ in range(times):
    after = random.uniform(0.5, 9)
    victim = Command("watch", ["--adapter", adapter], who == "user")
    victim.ended_well(after)
    victim.end(signal.SIGKILL)
    received = victim.text.count("cell_voltage")
    took = Command("reading", ["--adapter", adapter, "-f", "json"], who == "user").until(MOST, '"cell_voltage"')
    all_took.append(took)
    print(f"killed after {after:.1f} s and {received} readings: reads after {took:.1f} s", flush=True)
all_took.sort()
print(f"{adapter}: {len(all_took)} of {times} read; median {all_took[len(all_took) // 2]:.1f} s, worst {all_took[-1]:.1f} s")
