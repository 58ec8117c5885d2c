/** What is true on a kernel, in the order in which it is tried: the script of guest/facts that tries it, and the fact. */
export const facts = {
  'vhci-needs-root': 'simulate --adapter vhci says what an ordinary user lacks',
  'user-channel-reads': 'root reads a battery of a controller that is down, through the user channel',
  'raw-reads': 'root reads a battery of a controller that is up, through the raw channel',
  'kill-and-again': 'after kill -9 of a command that streams, the next one reads',
  'down-and-up': 'a command that streams goes on when the controller was switched off and on',
  sigterm: 'SIGTERM ends a command, scanning, connecting or reading, through either channel',
  names: 'bluetoothctl shows the names of three simulated batteries',
  'bluez-user-reads': 'an ordinary user reads a battery through BlueZ',
  'bluez-kill-and-again': 'after kill -9 of a command that streams through BlueZ, the next one reads',
  'bluez-shared': 'a program that streams from a battery streams on while other commands read it',
  'doctor-verdicts': 'doctor says that bluetoothd is off, and its adapter switched off or blocked',
  'bluez-stream':
    'three batteries stream to an ordinary user over BlueZ for a minute, and each byte arrives as it was sent',
  aiobmsble: 'aiobmsble, as in Home Assistant, reads what the simulator sent',
  'bluetoothd-restarts': 'aiobmsble reads again when bluetoothd was restarted or killed',
  'simulator-killed': 'the kernel takes the controller of a killed simulator away, and takes another',
  stream:
    'three batteries stream through the user channel for a minute, and each byte arrives as it was sent',
} as const;

/** What takes too long for each run: these and the others are tried on both kernels when every case is wanted. */
export const thoroughFacts = {
  'reads-everything':
    'every command reads what the simulator sends without a flag, as a user over BlueZ and as root without bluetoothd',
  'hot-plug': 'every output says that the adapter of bluetoothd is gone, and goes on when it is back',
  'hot-plug-raw': 'every output says that the controller is gone, and goes on when it is back',
  'bleak-streams-on': 'a program that streams with bleak streams on through every command and its Ctrl-C',
  'held-by-bleak': 'a battery whose notifications another program keeps to itself names that program',
  'doctor-drives':
    'doctor says that a controller is busy, held, absent or not to be driven by this user, or its native part unusable',
  'doctor-finds':
    'doctor says that there is no bus, that it refuses, that no adapter is there, that pairing is wanted',
  'aiobmsble-models': 'aiobmsble reads three more models as they were sent',
  'killed-at-random': 'after kill -9 at twenty random moments, the next command reads',
  'ended-at-random': 'every command that is asked to end at a random moment ends',
} as const;
