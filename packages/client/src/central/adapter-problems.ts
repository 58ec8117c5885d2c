import { AdapterError, type SessionReason } from '@ubmsc/session';

/** Why an adapter cannot be used. */
interface Problem {
  /** What the system or the native part says, in its code or its text. */
  readonly signs?: RegExp;
  readonly message: (title: string) => string;
  /** The next step, without what comes from outside. */
  readonly hint: string;
  readonly reason?: SessionReason;
}

const simulated = "or try a simulated battery with openAdapter('sim')";

/**
 * Why an adapter of this machine cannot be used, and what to do then: the one place for what errors and `doctor` say.
 * The first row whose signs are there counts. Codes are those of errno(3).
 */
export const adapterProblems = {
  otherNode: {
    signs: /NODE_MODULE_VERSION|ERR_DLOPEN_FAILED/,
    message: (title) => `${title} cannot be used: its native part was built for another system or Node`,
    hint: `install @ubmsc/hci again on this machine, use BlueZ with openAdapter('bluez'), ${simulated}`,
  },
  notBuilt: {
    signs: /MODULE_NOT_FOUND|Could not locate the bindings file/,
    message: (title) => `${title} cannot be used: its native part is missing`,
    hint: `install @ubmsc/hci again on this machine, use BlueZ with openAdapter('bluez'), ${simulated}`,
  },
  notForThisMachine: {
    signs: /No native build was found/,
    message: (title) =>
      `${title} cannot be used: there is no native part for ${process.platform} on ${process.arch}`,
    hint: `use BlueZ with openAdapter('bluez'), which needs none, ${simulated}`,
  },
  noBluetooth: {
    signs: /EAFNOSUPPORT|EPROTONOSUPPORT|not supported/i,
    message: (title) => `${title} cannot be used: this system has no Bluetooth`,
    hint: `plug an adapter in and load its driver, ${simulated}`,
  },
  absent: {
    signs: /ENODEV|no such device/i,
    message: (title) => `there is no adapter ${title}`,
    hint: `choose one that hciconfig lists, ${simulated}`,
    reason: 'adapterGone',
  },
  noController: {
    message: () => 'this machine has no Bluetooth adapter',
    hint: `plug one in, ${simulated}`,
    reason: 'adapterGone',
  },
  blocked: {
    signs: /ERFKILL|rf-?kill/i,
    message: (title) => `${title} is blocked: a switch or the system has turned radios off`,
    hint: 'unblock it: rfkill unblock bluetooth, or the switch of the machine',
    reason: 'adapterGone',
  },
  down: {
    signs: /ENETDOWN|network is down/i,
    message: (title) => `${title} is switched off`,
    hint: 'switch Bluetooth on: bluetoothctl power on',
    reason: 'adapterGone',
  },
  busy: {
    signs: /EBUSY|resource busy/i,
    message: (title) => `${title} is used by the system, so that it cannot be driven directly`,
    hint: "use openAdapter('bluez'), which shares it with bluetoothd; or stop bluetoothd (systemctl stop bluetooth) and switch it off (hciconfig hci0 down)",
    reason: 'adapterBusy',
  },
  notPermitted: {
    signs: /EPERM|EACCES|not permitted|permission denied/i,
    message: (title) => `${title} may not be driven by this user`,
    hint: "use openAdapter('bluez'), which needs no rights; or give CAP_NET_RAW (AmbientCapabilities=CAP_NET_RAW in a systemd unit), or run it with sudo",
  },
  /** The user channel of the kernel takes the whole controller. */
  userChannelNotPermitted: {
    message: (title) => `${title} may not be driven by this user`,
    hint: "use openAdapter('bluez'), which needs no rights; or give CAP_NET_ADMIN (AmbientCapabilities=CAP_NET_ADMIN in a systemd unit), or run it with sudo",
  },
  noBus: {
    message: (title) => `${title} cannot be used: this system has no D-Bus`,
    hint: "install and start dbus and bluez; in a container, mount /run/dbus of the host; root can do without: openAdapter('hci0')",
    reason: 'adapterGone',
  },
  busRefuses: {
    message: (title) => `${title} cannot be used: D-Bus does not let this process reach bluetoothd`,
    hint: 'allow org.bluez in the policy of D-Bus or AppArmor; in a container, run as a user of the host, without a user namespace',
    reason: 'adapterGone',
  },
  bluetoothdOff: {
    message: (title) => `${title} cannot be used: bluetoothd does not run`,
    hint: "start it: sudo systemctl start bluetooth; root can do without: openAdapter('hci0')",
    reason: 'adapterGone',
  },
  bluetoothdSilent: {
    message: (title) => `${title} cannot be used: bluetoothd does not answer as it should`,
    hint: 'restart it: sudo systemctl restart bluetooth',
    reason: 'adapterGone',
  },
  notLowEnergy: {
    message: (title) => `${title} is not able to speak Bluetooth Low Energy`,
    hint: `use an adapter for Bluetooth 4.0 or later, ${simulated}`,
    reason: 'adapterGone',
  },
} as const satisfies Readonly<Record<string, Problem>>;

/** What can be wrong with an adapter. */
export type AdapterProblem = keyof typeof adapterProblems;

/** The error for a problem of the table. `detail` is what is known beyond it. */
export function adapterError(
  title: string,
  problem: AdapterProblem,
  cause?: unknown,
  detail?: string,
): AdapterError {
  const { message, hint, reason }: Problem = adapterProblems[problem];
  const text = detail === undefined ? message(title) : `${message(title)} (${detail})`;
  return new AdapterError(text, hint, { cause, reason });
}

/** What the system or the native part has thrown, in words. `usesUserChannel`: the whole controller was wanted. */
export function adapterErrorOf(title: string, cause: unknown, usesUserChannel = false): AdapterError {
  if (cause instanceof AdapterError) return cause;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const text = cause instanceof Error ? cause.message : String(cause);
  const said = `${code} ${text}`;
  const problem = problems.find((name) => signsOf(name)?.test(said));
  if (problem === 'notPermitted' && usesUserChannel) {
    return adapterError(title, 'userChannelNotPermitted', cause);
  }
  if (problem) return adapterError(title, problem, cause);
  return new AdapterError(
    `${title} cannot be used: ${text.split('\n', 1)[0]}`,
    `run ubmsc doctor --adapter ${title}, ${simulated}`,
    { cause },
  );
}

const problems = Object.keys(adapterProblems).filter(
  (name): name is AdapterProblem => name in adapterProblems,
);

function signsOf(problem: AdapterProblem): RegExp | undefined {
  const { signs }: Problem = adapterProblems[problem];
  return signs;
}
