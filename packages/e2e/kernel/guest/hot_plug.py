"""hot_plug.py user|root ADAPTER OUTPUT[,OUTPUT...] FAULT...: each output says within seconds that the adapter is gone, and goes on when it is back.

Of what passes by itself (PASSING) it is only wanted that they go on.
"""
import re
import subprocess
import sys
import time
import urllib.request

from commands import Command

# What a machine that is emulated on a busy one may take; what is wanted is 2 s.
MOST = 10
BACK = 90
PASSING = {"sleep", "leap"}

who, adapter, names, *faults = sys.argv[1:]
URL = "http://127.0.0.1:9889/metrics"
outputs = {name: Command(name, ["--adapter", adapter, "-l", "info"], who == "user") for name in names.split(",")}


def metrics() -> str:
    try:
        return urllib.request.urlopen(URL, timeout=2).read().decode()
    except OSError:
        return ""


def shown_state(since: int) -> str:
    """What the row of the battery says on the screen that was drawn last since then; its events say it, too, and stay."""
    rows = re.findall(r"\x1b\[7mUPS_BMS\x1b\[0m +\x1b\[[\d;]*m(\w+)", outputs["tui"].text[since:])
    return rows[-1] if rows else ""


def reads(name: str, since: int) -> bool:
    """Whether it shows values, in what it has written since then."""
    if name == "export":
        return 'ubmsc_device_state{device="UPS_BMS",state="streaming"} 1' in metrics()
    return '"cell_voltage"' in outputs["watch"].text[since:] if name == "watch" else shown_state(since) == "live"


GONE = ("is gone", "no adapter", "has no adapter", "switched off", "blocked", "does not run", "no such device")


def says_gone(name: str, since: int) -> bool:
    """Metrics tell that the battery is lost, whatever ended its link; the log of the exporter tells why."""
    if name == "tui":
        return shown_state(since) == "lost"
    if name == "export" and 'ubmsc_device_state{device="UPS_BMS",state="lost"} 1' not in metrics():
        return False
    return any(word in outputs[name].text[since:] for word in GONE)


def awaits(what: str, test, most: float, since: dict[str, int]) -> None:
    began = time.monotonic()
    left = dict.fromkeys(outputs)
    took = {}
    drawn = 0.0
    while left:
        if "tui" in left and time.monotonic() - drawn > 0.5:
            outputs["tui"].redraw()
            drawn = time.monotonic()
        for name in list(left):
            if test(name, since[name]):
                took[name] = time.monotonic() - began
                del left[name]
        if time.monotonic() - began > most:
            texts = "\n".join(f"{name}: {outputs[name].text[since[name]:][-1500:]}" for name in left)
            raise SystemExit(f"{what}: not {', '.join(left)} within {most} s\n{texts}")
        time.sleep(0.05)
    print(f"  {what}: " + ", ".join(f"{name} {seconds:.2f} s" for name, seconds in took.items()), flush=True)


def now() -> dict[str, int]:
    return {name: len(command.text) for name, command in outputs.items()}


awaits("reads", reads, BACK, dict.fromkeys(outputs, 0))
for fault in faults:
    print(fault, flush=True)
    since = now()
    if fault in PASSING:
        subprocess.run(["bash", "-c", f". /guest/lib.sh; {fault}_happens"], check=True)
        awaits("goes on", reads, BACK, now())
        continue
    subprocess.run(["bash", "-c", f". /guest/lib.sh; {fault}_begins"], check=True)
    awaits("gone", says_gone, MOST, since)
    time.sleep(3)
    since = now()
    subprocess.run(["bash", "-c", f". /guest/lib.sh; {fault}_ends"], check=True)
    awaits("back", reads, BACK, since)
for command in outputs.values():
    command.end()
