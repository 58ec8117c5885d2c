import { openAdapter, parseAdapter, type Adapter, type AdapterOptions } from '@ubmsc/client';
import type { Ether } from '@ubmsc/hci';
import { checkBattery, type BatteryCheckOptions } from './battery.ts';
import { failedWith, ok, skipped, stages, type Finding, type Stage } from './finding.ts';
import { checkAdapter, checkHost, checkOthers, checkPermission, checkProgram, checkRfkill } from './host.ts';

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
  const { root, adapter: source } = options;
  const title = typeof source === 'string' ? source : undefined;
  const isReal = title !== undefined && parseAdapter(title).scheme === 'hci';
  yield await checkProgram(isReal);
  if (isReal && process.platform === 'linux') {
    const host = { device: Number(title.slice('hci'.length)), root };
    for (const check of [checkRfkill, checkAdapter, checkPermission, checkOthers]) {
      const finding = await check(host);
      yield finding;
      if (finding.outcome === 'failed') return;
    }
  } else {
    const text = isReal ? 'looked at on Linux only' : 'no radio is used';
    for (const stage of ['rfkill', 'adapter', 'permission', 'others'] as const) yield skipped(stage, text);
  }
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
