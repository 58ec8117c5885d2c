import type { Adapter, Battery, Device, WantedBattery } from '@ubmsc/client';
import { log, UsageError } from '@ubmsc/base';
import { LinkError, reasonRow } from '@ubmsc/session';
import { exitCodeOf, exitCodes } from '../exit-codes.ts';
import type { DeviceResult } from '../formats/index.ts';
import type { BatteriesOptions } from '../command-line/context.ts';
import type { Options } from '../command-line/options.ts';
import { complain, Progress } from '../output.ts';
import { findAll } from './find-devices.ts';
import { openSession } from './session.ts';

/** The device that an answer is from. */
export type Origin = Pick<DeviceResult, 'device' | 'name' | 'address' | 'simulated'>;

/** Asks a battery that has been opened, and is closed afterwards. */
export type Question<Answer> = (battery: Battery, origin: Origin) => Promise<Answer>;

/** What all devices said. */
export interface Answers<Answer> {
  /** Of the devices that answered, in the order in which they were named or found. */
  readonly answers: readonly Answer[];
  /** Why each of the others did not, which was said on standard error. */
  readonly failures: readonly unknown[];
  /** That of the first failure. */
  readonly exitCode: number;
}

/**
 * Asks the devices that the options name, or all that are found, at the same time. A device that fails is reported,
 * and the others are asked all the same.
 */
export async function askEach<Answer>(
  options: BatteriesOptions,
  signal: AbortSignal,
  ask: Question<Answer>,
): Promise<Answers<Answer>> {
  await using session = await openSession({ ...options, adapter: adapterOf(options) }, signal);
  using progress = new Progress();
  const { adapter } = session;
  const timeout = options.scanTimeout * 1000;
  const targets: readonly (WantedBattery | Device)[] =
    options.batteries ?? (await findAll(adapter, { signal, timeout, progress }));
  const outcomes = await Promise.allSettled(
    (await withoutTwins(adapter, targets, { options, signal, progress })).map(
      async (target, _, all) =>
        await askOne(adapter, target, labelIn(all, target), ask, { options, signal, progress }),
    ),
  );
  signal.throwIfAborted();
  progress.clear();
  const answers: Answer[] = [];
  const failures: unknown[] = [];
  for (const outcome of outcomes) {
    if (outcome.status === 'fulfilled') {
      answers.push(outcome.value);
    } else {
      complain(outcome.reason);
      failures.push(outcome.reason);
    }
  }
  return { answers, failures, exitCode: failures.length > 0 ? exitCodeOf(failures[0]) : exitCodes.ok };
}

/** One run has one adapter: that of all batteries that it is about. */
function adapterOf({ adapter, batteries = [] }: BatteriesOptions): string {
  const adapters = [...new Set(batteries.map((battery) => battery.adapter))];
  if (adapters.length <= 1) return adapters[0] ?? adapter;
  throw new UsageError(
    `the batteries are on several adapters: ${adapters.join(', ')}`,
    'name batteries of one of them, or give it with --adapter',
  );
}

interface Context {
  readonly options: Options;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/**
 * A battery that is asked for by its name and by its address is one: it has one link. When there are several, all are
 * looked for before the first is connected, since a battery that is connected does not advertise.
 */
async function withoutTwins(
  adapter: Adapter,
  targets: readonly (WantedBattery | Device)[],
  { options, signal, progress }: Context,
): Promise<readonly (WantedBattery | Device | Found)[]> {
  if (targets.length < 2 || !targets.some((target) => 'device' in target)) return targets;
  progress.show(`${adapter.title}: looking for ${targets.length} batteries`);
  const timeout = options.scanTimeout * 1000;
  const found = targets.map((target): Device | Found =>
    'device' in target
      ? { ...target, found: adapter.find(target.device, { signal, timeout, whole: target.whole }) }
      : target,
  );
  const addresses = await Promise.all(
    found.map(async (target) => {
      try {
        return 'found' in target ? (await target.found).address : undefined;
      } catch {
        return undefined; // said where it is asked
      }
    }),
  );
  return found.filter((_, index) => {
    const address = addresses[index];
    return address === undefined || addresses.indexOf(address) === index;
  });
}

/** A battery that was asked for, with what was received of it. */
interface Found extends WantedBattery {
  readonly found: Promise<Device>;
}

/** What a battery is called among others. Those that were found and share a name have their addresses, too. */
function labelIn(
  targets: readonly (WantedBattery | Device | Found)[],
  target: WantedBattery | Device | Found,
): string {
  if ('device' in target) return target.name;
  const { name, address } = target;
  if (name === undefined) return address;
  return targets.some((other) => other !== target && other.name === name) ? `${name} ${address}` : name;
}

/** A link that is lost before the answer came is made once more: many are lost only now and then. */
async function askOne<Answer>(
  adapter: Adapter,
  target: WantedBattery | Device | Found,
  device: string,
  ask: Question<Answer>,
  context: Context,
): Promise<Answer> {
  const { options, signal, progress } = context;
  progress.show(`${adapter.title}: looking for ${device}`);
  const timeout = options.scanTimeout * 1000;
  const found =
    'found' in target
      ? await target.found
      : 'device' in target
        ? await adapter.find(target.device, { signal, timeout, whole: target.whole })
        : target;
  try {
    return await askOnce(adapter, found, device, ask, context);
  } catch (error) {
    if (!(error instanceof LinkError) || !reasonRow(error.reason)?.isHangUp) throw error;
    if (signal.aborted || adapter.gone.aborted) throw error;
    log('info', 'link', () => `${error.message}; asking once more`);
    // Its name may be the beginning of another one's.
    return await askOnce(adapter, found.address, device, ask, context);
  }
}

async function askOnce<Answer>(
  adapter: Adapter,
  wanted: string | Device,
  device: string,
  ask: Question<Answer>,
  { options, signal, progress }: Context,
): Promise<Answer> {
  await using battery = await adapter.open(wanted, {
    signal,
    timeout: options.scanTimeout * 1000,
    requestTimeout: options.requestTimeout * 1000,
    variant: options.variant,
  });
  progress.show(`${adapter.title}: reading ${device}`);
  const { name, address } = battery;
  return await ask(battery, { device, name, address, simulated: adapter.simulated });
}
