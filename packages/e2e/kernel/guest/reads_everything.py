"""reads_everything.py user|root: every command reads, without a flag, what the simulator sends; and how long the first reading took."""
import json
import os
import subprocess
import sys
import time
import urllib.request

from commands import COMMANDS, Command

as_user = sys.argv[1] == "user"
# What a machine that is emulated on a busy one may take.
MOST = 90
decoded = "/tmp/decoded.json"


def sent(kind: str) -> list[dict]:
    """What the simulator has sent until now."""
    with open(decoded, "w") as file:
        subprocess.run(["node", "/ubmsc/bin/ubmsc.cjs", "decode", "/tmp/sent.btsnoop", "-f", "json"], stdout=file, stderr=subprocess.DEVNULL)
    with open(decoded) as file:
        return json.load(file)[kind]


# What comes beside the values of a record, and what is measured against the clock of the reader.
BESIDE = {"device", "address", "simulated", "time", "variant", "adapter"}


def was_sent(kind: str, record: dict) -> None:
    values = {name: value for name, value in record.items() if name not in BESIDE}
    for each in sent(kind):
        if all(each.get(name) == value for name, value in values.items()):
            return
    raise SystemExit(f"{kind} that was never sent: {values}")


def completed(name: str, *extra: str) -> str:
    command = Command(name, list(extra), as_user)
    if not command.ended(MOST):
        command.end()
        raise SystemExit(f"{name} does not end: {command.text[-1500:]}")
    if command.process.returncode != 0:
        raise SystemExit(f"{name} ended with {command.process.returncode}: {command.text[-1500:]}")
    print(f"{name}: {time.monotonic() - command.began:.1f} s", flush=True)
    return command.text


COMMANDS.update(
    {
        "scan": ["scan", "-t", "8", "-f", "json"],
        "reading": ["-i", "-c", "-t", "8", "-f", "json"],
        "settings": ["settings", "-t", "8", "-f", "json"],
        "watch": ["watch", "-f", "json"],
        "export": ["export"],
        "tui": ["tui"],
        "doctor": ["doctor", "--for", "4s"],
    }
)
(found,) = [json.loads(line) for line in completed("scan").splitlines() if '"UPS_BMS"' in line]
print(found)
reading = json.loads(completed("reading"))
was_sent("cell_data", reading["cell_data"][0])
was_sent("device_info", reading["device_info"][0])
was_sent("settings", json.loads(completed("settings"))["settings"][0])
assert "all are plausible" in completed("doctor"), "doctor"

watch = Command("watch", [], as_user)
print(f"watch: first reading after {watch.until(MOST, 'cell_voltage'):.1f} s", flush=True)
watch.end()
lines = watch.text.splitlines()
print("\n".join(line for line in lines if not line.startswith("{")), flush=True)
was_sent("cell_data", next(json.loads(line) for line in lines if '"cell_voltage"' in line)["cell_data"][0])

export = Command("export", [], as_user)
until = time.monotonic() + MOST
text = ""
while "\ncell_voltage{" not in text:
    assert time.monotonic() < until, f"no metrics: {text[-500:]} {export.text}"
    time.sleep(0.2)
    try:
        text = urllib.request.urlopen("http://127.0.0.1:9889/metrics", timeout=5).read().decode()
    except OSError:
        continue
print(f"export: first metrics after {time.monotonic() - export.began:.1f} s", flush=True)
values = {line.split(" ")[0]: float(line.split(" ")[1]) for line in text.splitlines() if line and line[0] != "#"}
cells = [values[f'cell_voltage{{device="UPS_BMS",cell="{cell}"}}'] for cell in range(4)]
voltage = values['battery_voltage{device="UPS_BMS"}']
assert any(each["cell_voltage"] == cells and each["battery_voltage"] == voltage for each in sent("cell_data")), (cells, voltage)
export.end()

tui = Command("tui", [], as_user)
tui.until(MOST, "mlive")
print(f"tui: first values after {time.monotonic() - tui.began:.1f} s", flush=True)
assert "UPS_BMS" in tui.text
tui.end()
