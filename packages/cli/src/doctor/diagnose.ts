import { UbmscError } from '@ubmsc/base';
import {
  chooseAdapter,
  openAdapter,
  parseAdapter,
  type Adapter,
  type AdapterChoice,
  type AdapterOptions,
} from '@ubmsc/client';
import type { Ether } from '@ubmsc/hci';
import { checkBattery, type BatteryCheckOptions } from './battery.ts';
import { checkBluetoothd } from './bluetoothd.ts';
import { failedWith, ok, skipped, stages, type Finding, type Stage } from './finding.ts';
import {
  checkAdapter,
  checkHost,
  checkOthers,
  checkPermission,
  checkProgram,
  checkRfkill,
  type HostOptions,
} from './host.ts';

export interface DiagnoseOptions extends BatteryCheckOptions, AdapterOptions {
  readonly adapter: string | Ether;
  readonly signal: AbortSignal;
  /** Where the system's files are; `/` when left out. */
  readonly root?: string | undefined;
  /** Where the program would write. */
  readonly folder?: string | undefined;
}

/** Looks at stage after stage, and says of each what it found. What a failed stage stands in the way of is skipped. */
export async function* diagnose(options: DiagnoseOptions): AsyncGenerator<Finding, void, undefined> {
  const missing = new Set(Object.keys(stages).filter(isStage));
  for await (const finding of findings(options)) {
    missing.delete(finding.stage);
    yield finding;
  }
  missing.delete('host');
  for (const stage of missing) yield skipped(stage, 'not reached');
  yield await checkHost(options.folder ?? process.cwd());
}

function isStage(name: string): name is Stage {
  return Object.hasOwn(stages, name);
}

async function* findings(options: DiagnoseOptions): AsyncGenerator<Finding, void, undefined> {
  const source = yield* foundation(options);
  if (source === undefined) return;
  let adapter: Adapter;
  try {
    adapter = await openAdapter(source, options);
  } catch (error) {
    yield failedWith('open', error);
    return;
  }
  await using opened = adapter;
  yield ok('open', `${opened.title} is powered on${opened.simulated ? ', SIMULATED' : ''}`);
  yield* checkBattery(opened, options);
}

/** Looks at what the adapter needs, and returns which one it is; undefined when something is missing. */
async function* foundation(
  options: DiagnoseOptions,
): AsyncGenerator<Finding, string | Ether | undefined, undefined> {
  const { adapter: asked, root, signal } = options;
  let title = typeof asked === 'string' ? asked : undefined;
  let why: string | undefined;
  if (title === 'auto') {
    const choice = await choose(options);
    if (choice instanceof UbmscError) {
      yield* neither(choice, root);
      return undefined;
    }
    title = choice.adapter;
    why = choice.why;
  }
  const scheme = title === undefined ? undefined : parseAdapter(title).scheme;
  for await (const finding of stagesBefore(scheme, { title: title ?? '', why, root, signal })) {
    yield finding;
    if (finding.outcome === 'failed') return undefined;
  }
  return title ?? asked;
}

async function choose({ root, signal, capture }: DiagnoseOptions): Promise<AdapterChoice | UbmscError> {
  try {
    return await chooseAdapter({ signal, root, needsPackets: capture !== undefined });
  } catch (error) {
    if (error instanceof UbmscError) return error;
    throw error;
  }
}

/** Neither bluetoothd nor a controller can be used. A radio switch is the reason where one is off. */
async function* neither(error: UbmscError, root?: string): AsyncGenerator<Finding, void, undefined> {
  yield await checkProgram(false);
  const rfkill = await checkRfkill({ root });
  yield rfkill;
  if (rfkill.outcome !== 'failed') yield failedWith('adapter', error);
}

interface Place {
  readonly title: string;
  readonly why: string | undefined;
  readonly root: string | undefined;
  readonly signal: AbortSignal;
}

/** What is looked at before an adapter of this scheme is opened. */
async function* stagesBefore(
  scheme: string | undefined,
  { title, why, root, signal }: Place,
): AsyncGenerator<Finding, void, undefined> {
  yield await checkProgram(scheme === 'hci');
  if (scheme === 'bluez') {
    const wanted = /^bluez:(hci\d+)$/.exec(title)?.[1];
    return yield* checkBluetoothd({ wanted, why, root, signal });
  }
  if (scheme === 'hci' && process.platform === 'linux') {
    const device = Number(title.slice('hci'.length));
    return yield* checkController({ device, root }, why);
  }
  const text = scheme === 'hci' ? 'looked at on Linux only' : 'no radio is used';
  for (const stage of ['rfkill', 'adapter', 'permission', 'others'] as const) yield skipped(stage, text);
}

async function* checkController(host: HostOptions, why?: string): AsyncGenerator<Finding, void, undefined> {
  yield await checkRfkill(host);
  yield await checkAdapter(host, why);
  yield await checkPermission(host);
  yield await checkOthers(host);
}
