"""ends_at_random.py user|root ADAPTER TIMES: every command that is asked to end at a random moment does so."""
import random
import sys

from commands import COMMANDS, Command

# What a machine that is emulated on a busy one may take; what is wanted is 2 s.
MOST = 10

who, adapter, times = sys.argv[1], sys.argv[2], int(sys.argv[3])
worst = 0.0
for name in COMMANDS:
    took = []
    for _ in range(times):
        after = random.uniform(0.2, 9)
        command = Command(name, ["--adapter", adapter], who == "user")
        if command.ended_well(after):
            took.append((after, 0.0, "ended by itself"))
            continue
        took.append((after, command.end(seconds=MOST), command.process.returncode))
    worst = max(worst, *(seconds for _, seconds, _ in took))
    print(name, adapter, "; ".join(f"after {after:.1f} s: {seconds:.2f} s ({code})" for after, seconds, code in took), flush=True)
print(f"worst of {adapter}: {worst:.2f} s")
sys.exit(worst > MOST)
