"""What the scripts of facts start: commands of ubmsc, as an ordinary user or as root, some of them on a terminal."""
import fcntl
import os
import pty
import signal
import struct
import subprocess
import termios
import time

BATTERY = "UPS_BMS"
USER = 1000

# What each command is called with; those of TERMINAL need one.
COMMANDS = {
    "scan": ["scan", "-t", "60"],
    "reading": ["-d", BATTERY, "-i", "-c"],
    "settings": ["settings", BATTERY],
    "watch": ["-d", BATTERY, "watch", "-f", "json"],
    "record": ["record", "-d", BATTERY, "-o", "/tmp/record.jsonl", "--force"],
    "export": ["export", BATTERY],
    "doctor": ["doctor", BATTERY],
    "tui": ["tui", "-d", BATTERY],
}
TERMINAL = {"tui"}
# What ends by itself when it has read what it wants; the others go on until they are ended.
ONCE = {"reading", "settings", "doctor"}



def set_size(terminal: int, columns: int) -> None:
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 30, columns, 0, 0))


class Command:
    """A command that runs; what it writes is in `text`, as far as it was read."""

    def __init__(self, name: str, arguments: list[str], as_user: bool) -> None:
        self.began = time.monotonic()
        self.name = name
        argv = ["node", "/ubmsc/bin/ubmsc.cjs", *arguments, *COMMANDS[name]]
        folder = "/home/user" if as_user else "/root"
        env = {**os.environ, "HOME": folder, "TERM": "xterm-256color" if name in TERMINAL else "dumb"}
        ours, theirs = pty.openpty() if name in TERMINAL else (None, None)
        if ours is not None:
            set_size(ours, 100)
        self.path = f"/tmp/{name}.{'user' if as_user else 'root'}.out"
        self.output = open(self.path, "wb+")
        stdio = theirs if theirs is not None else self.output
        self.process = subprocess.Popen(
            argv,
            env=env,
            cwd="/tmp",
            stdin=theirs if theirs is not None else subprocess.DEVNULL,
            stdout=stdio,
            stderr=stdio,
            start_new_session=True,
            **({"user": USER, "group": USER, "extra_groups": []} if as_user else {}),
        )
        self.terminal = ours
        self.columns = 100
        if theirs is not None:
            os.close(theirs)
            os.set_blocking(ours, False)

    def redraw(self) -> None:
        """Has it draw its whole screen: otherwise it writes what changes, and a reading is hard to find in it."""
        self.columns = 201 - self.columns
        set_size(self.terminal, self.columns)
        self.process.send_signal(signal.SIGWINCH)

    @property
    def text(self) -> str:
        """What it has written until now."""
        while self.terminal is not None:
            try:
                read = os.read(self.terminal, 65536)
            except (BlockingIOError, OSError):
                break
            if not read:
                break
            self.output.write(read)
        self.output.flush()
        with open(self.path, "rb") as file:
            return file.read().decode(errors="replace")

    def ended(self, seconds: float) -> bool:
        """Whether it ends within this time."""
        until = time.monotonic() + seconds
        while self.process.poll() is None:
            if time.monotonic() > until:
                return False
            _ = self.terminal is not None and self.text
            time.sleep(0.02)
        return True

    def ended_well(self, seconds: float) -> bool:
        """Whether it ends by itself within this time; then it must be one that does, and have succeeded."""
        if not self.ended(seconds):
            return False
        if self.name not in ONCE or self.process.returncode != 0:
            raise SystemExit(f"{self.name} ended by itself with {self.process.returncode}: {self.text[-2000:]}")
        return True

    def until(self, seconds: float, *words: str) -> float:
        """Waits until one of these words was written; returns after how long."""
        while not any(word in self.text for word in words):
            took = time.monotonic() - self.began
            if took > seconds or self.process.poll() is not None and not any(w in self.text for w in words):
                raise SystemExit(f"{words} not after {took:.1f} s: {self.text[-2000:]}")
            time.sleep(0.02)
        return time.monotonic() - self.began

    def end(self, how: int = signal.SIGTERM, seconds: float = 30) -> float:
        """Asks it to end; returns how long that took."""
        asked = time.monotonic()
        self.process.send_signal(how)
        if not self.ended(seconds):
            self.process.kill()
            raise SystemExit(f"{self.process.args} does not end within {seconds} s: {self.text[-2000:]}")
        return time.monotonic() - asked
