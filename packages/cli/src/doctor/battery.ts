import type { Adapter, Battery, BatteryOptions, Device, ScanOptions } from '@ubmsc/client';
import { asError, anySignal, sanitize, UbmscError } from '@ubmsc/base';
import { StaleDataError, UnknownDeviceError, type SessionState } from '@ubmsc/session';
import type { DeviceInfo, Variant } from '@ubmsc/protocol';
import { exitCodes } from '../exit-codes.ts';
import { failed, failedWith, ok, type Finding, type Stage } from './finding.ts';

export interface BatteryCheckOptions extends BatteryOptions {
  /** Name or address; the strongest JK battery in range when left out. */
  readonly wanted?: string | undefined;
  /** How long to listen, in milliseconds. */
  readonly listen: number;
  /** How long the stream is looked at, in milliseconds. */
  readonly measure: number;
  readonly signal: AbortSignal;
}

/** Signal strengths in dBm, and what to make of them. */
const strengths = [
  { least: -70, text: 'good' },
  { least: -80, text: 'fair' },
  { least: -90, text: 'weak', hint: 'bring the adapter closer: links may be lost' },
  { least: -Infinity, text: 'too weak', hint: 'bring the adapter closer: links will be lost' },
] as const;

/** How long other batteries are listened for after the first one, in milliseconds: the strongest is wanted. */
const OTHERS = 1000;

/** More wrong checksums than this, and the radio is disturbed. */
const MANY_ERRORS = 0.05;

/** Looks at everything from the air to the values of one battery; ends with the first stage that fails. */
export async function* checkBattery(
  adapter: Adapter,
  options: BatteryCheckOptions,
): AsyncGenerator<Finding, void, undefined> {
  const received = await listen(adapter, options);
  yield received.anything;
  if (!received.battery) return;
  yield received.battery;
  if (!received.device) return;
  yield* checkLink(adapter, received.device, options);
}

interface Heard {
  readonly anything: Finding;
  readonly battery?: Finding;
  readonly device?: Device;
}

/** Listens until the wanted battery is found, or else for a while after the first one. */
async function listen(
  adapter: Adapter,
  { wanted, signal, listen: timeout }: BatteryCheckOptions,
): Promise<Heard> {
  const devices = new Map<string, Device>();
  using end = anySignal();
  const seeking =
    wanted === undefined ? undefined : seek(adapter, wanted, { signal, timeout }).finally(() => end.abort());
  let timer: NodeJS.Timeout | undefined;
  try {
    for await (const device of adapter.scan({ signal, timeout, until: end.signal })) {
      devices.set(device.address, device);
      if (wanted === undefined && device.likelihood === 'certain' && device.name !== undefined)
        timer ??= setTimeout(() => end.abort(), OTHERS);
    }
  } catch (error) {
    return { anything: failedWith('hears', error) };
  } finally {
    clearTimeout(timer);
  }
  const sought = await seeking;
  if (devices.size === 0) {
    const text = `nothing was received in ${timeout / 1000} s`;
    const hint =
      'batteries in use do not advertise: close the phone app and other programs, wait half a minute, move closer';
    return { anything: failed('hears', text, hint, exitCodes.notFound) };
  }
  const anything = ok('hears', `${devices.size} ${devices.size === 1 ? 'device' : 'devices'}`);
  if (sought instanceof Error) return { anything, battery: failedWith('battery', sought) };
  const device = sought ?? strongest([...devices.values()]);
  if (device) return { anything, device, battery: describe(device) };
  const text = `no JK battery was found in ${timeout / 1000} s`;
  const hint = 'it is held by a phone app or another program, switched off, or out of range';
  return { anything, battery: failed('battery', text, hint, exitCodes.notFound) };
}

/** The battery with this address or name, or why it is not found. Never rejects: the scan beside it may fail first. */
async function seek(adapter: Adapter, wanted: string, options: ScanOptions): Promise<Device | Error> {
  try {
    return await adapter.find(wanted, options);
  } catch (error) {
    return asError(error);
  }
}

function strongest(devices: readonly Device[]): Device | undefined {
  const [first] = devices
    .filter(({ likelihood }) => likelihood === 'certain')
    .toSorted((one, other) => (other.rssi ?? -Infinity) - (one.rssi ?? -Infinity));
  return first;
}

function describe({ name, address, rssi, likelihood }: Device): Finding {
  const strength = rssi === undefined ? undefined : strengths.find(({ least }) => rssi >= least);
  const told = strength ? `${rssi} dBm, ${strength.text}` : 'strength not known';
  const kind = likelihood === 'certain' ? 'advertises as a JK' : 'does not advertise as a JK does';
  const text = sanitize(`${name ?? address} (${address}) ${kind}, ${told}`);
  return ok('battery', text, strength && 'hint' in strength ? strength.hint : undefined);
}

/** The stage to which a step of making a link belongs. */
const stageOf: Readonly<Partial<Record<SessionState, Stage>>> = {
  connecting: 'connect',
  discovering: 'services',
  subscribing: 'subscribe',
};

const done: Readonly<Partial<Record<Stage, string>>> = {
  connect: 'connected',
  services: 'FFE0 with FFE1, to write to and to be notified by',
  subscribe: 'confirmed',
};

async function* checkLink(
  adapter: Adapter,
  device: Device,
  options: BatteryCheckOptions,
): AsyncGenerator<Finding, void, undefined> {
  const { signal, variant, requestTimeout } = options;
  const reached: { stage: Stage; time: number }[] = [];
  const onStep = (step: SessionState): void => {
    const stage = stageOf[step];
    if (stage === 'connect') reached.length = 0; // tried once more
    if (stage) reached.push({ stage, time: performance.now() });
  };
  let battery: Battery;
  try {
    battery = await adapter.open(device, { signal, variant, requestTimeout, onStep });
  } catch (error) {
    const at = reached.pop()?.stage ?? 'connect';
    yield* passed(reached, performance.now());
    yield failedWith(at, error);
    return;
  }
  await using _ = battery;
  yield* passed(reached, performance.now());
  yield* checkStream(battery, options);
}

function* passed(reached: readonly { stage: Stage; time: number }[], end: number): Generator<Finding> {
  for (const [index, { stage, time }] of reached.entries()) {
    const took = Math.round((reached[index + 1]?.time ?? end) - time);
    yield ok(stage, `${done[stage]} in ${took} ms`);
  }
}

async function* checkStream(
  battery: Battery,
  { signal, measure }: BatteryCheckOptions,
): AsyncGenerator<Finding, void, undefined> {
  try {
    yield identified(await battery.deviceInfo(signal));
  } catch (error) {
    yield failedWith('identify', error);
    return;
  }
  const before = battery.statistics;
  let began = performance.now();
  let first: UbmscError | undefined;
  let records = 0;
  let layout: Variant | undefined;
  const arrivals: number[] = [];
  try {
    await battery.start(signal);
    began = performance.now();
    const end = performance.now() + measure;
    for (let left = measure; left > 0; left = end - performance.now()) {
      const received = await battery.nextCellData(left, signal);
      if (!received) continue;
      records++;
      arrivals.push(performance.now());
      layout = received.variant;
    }
  } catch (error) {
    if (!(error instanceof UbmscError) || signal.aborted) throw error;
    first = error;
  }
  const { checksumErrors, refused: refusedByReason, doubted } = battery.statistics;
  const wrong = checksumErrors - before.checksumErrors;
  if (first && !(first instanceof UnknownDeviceError || first instanceof StaleDataError)) {
    yield failedWith('stream', first);
    return;
  }
  const seconds = (performance.now() - began) / 1000;
  const silence = silenceAfter(arrivals, battery.latestCellData?.time);
  if (silence !== undefined && battery.statistics.checksumErrors === before.checksumErrors) {
    const text = `fell silent after ${records} records, ${(silence / 1000).toFixed(0)} s ago`;
    yield failed(
      'stream',
      text,
      'it is asked again while it is watched; move closer, and close other programs',
      exitCodes.link,
    );
    return;
  }
  const refused = Object.entries(refusedByReason).filter(([, times]) => times > 0);
  yield streamed({
    records,
    wrong,
    seconds,
    refused: refused.reduce((sum, [, times]) => sum + times, 0),
    layout,
    mtu: battery.mtu,
  });
  yield first ? failedWith('values', first) : accepted(records, refused, Object.entries(doubted));
}

/** A stream has fallen silent when nothing has come for this time, in milliseconds, and for this many of its periods. */
const SILENCE = { time: 5000, periods: 3 };

/** How long nothing has come any more, in milliseconds; undefined where that is as usual. */
function silenceAfter(arrivals: readonly number[], latest = 0): number | undefined {
  const now = performance.now();
  const [first] = arrivals;
  if (first === undefined) return undefined;
  const last = Math.max(arrivals.at(-1) ?? first, latest); // accepted or not
  const period = arrivals.length > 1 ? (last - first) / (arrivals.length - 1) : SILENCE.time;
  return now - last > Math.max(SILENCE.time, SILENCE.periods * period) ? now - last : undefined;
}

/** What is known of a firmware, by the beginning of its version (reference, section 10). */
function troubleOf(softwareVersion: string | null): string | undefined {
  const major = Number.parseInt(softwareVersion ?? '', 10);
  if (!(major >= 19)) return undefined;
  return 'firmware 19 and later: some close the link or want to be paired; if it does so, other firmware may help';
}

function identified({ deviceModel, hardwareVersion, softwareVersion }: DeviceInfo): Finding {
  const versions = `hardware ${hardwareVersion ?? '?'}, software ${softwareVersion ?? '?'}`;
  return ok(
    'identify',
    sanitize(`${deviceModel ?? 'unknown model'}, ${versions}`),
    troubleOf(softwareVersion),
  );
}

interface StreamFigures {
  readonly records: number;
  readonly wrong: number;
  readonly refused: number;
  readonly seconds: number;
  readonly layout: Variant | undefined;
  readonly mtu: number | undefined;
}

function streamed({ records, wrong, refused, seconds, layout, mtu }: StreamFigures): Finding {
  const all = records + wrong + refused;
  const share = all === 0 ? 0 : wrong / all;
  if (all === 0) {
    const hint = 'switch its Bluetooth off and on, and close other programs that use it';
    return failed('stream', `no cell data in ${seconds.toFixed(0)} s`, hint, exitCodes.link);
  }
  const text = [
    `${(all / seconds).toFixed(1)} records a second`,
    `${(share * 100).toFixed(0)} % with a wrong checksum`,
    layout === undefined ? 'layout not told' : `laid out as ${layout}`,
    ...(mtu === undefined ? [] : [`ATT_MTU ${mtu}`]),
  ].join(', ');
  return ok(
    'stream',
    text,
    share > MANY_ERRORS ? 'the radio is disturbed: use a second adapter, or move closer' : undefined,
  );
}

/** How often something happened, by reason. */
type Counts = readonly (readonly [reason: string, times: number])[];

function accepted(records: number, refused: Counts, doubted: Counts): Finding {
  if (refused.some(([reason]) => reason === 'frozen')) {
    const hint = 'switch its Bluetooth off and on, or restart the battery management system';
    return failed('values', 'the same values come again and again', hint, exitCodes.stale);
  }
  if (records === 0) {
    const hint = 'report the device, with what ubmsc decode makes of it';
    const text = `none is accepted (${listed(refused) || 'none came'})`;
    return failed('values', text, hint, exitCodes.unknownDevice);
  }
  const exceptions = [
    ...(refused.length > 0 ? [`refused ${listed(refused)}`] : []),
    ...(doubted.length > 0 ? [`doubtful ${listed(doubted)}`] : []),
  ];
  return ok(
    'values',
    exceptions.length === 0 ? 'all are plausible' : `plausible, but for some: ${exceptions.join('; ')}`,
  );
}

const listed = (counts: Counts): string => counts.map(([reason, times]) => `${reason} ${times}`).join(', ');
