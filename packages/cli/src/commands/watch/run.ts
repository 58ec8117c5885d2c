import { anySignal, elapses, untilAborted, UsageError } from '@ubmsc/base';
import type { BatteryEvent, BatterySource } from '@ubmsc/session';
import type { BatteriesOptions } from '../../command-line/context.ts';
import { exitCodes } from '../../exit-codes.ts';
import { tellNoReading } from '../../batteries/no-reading.ts';
import { withBanks } from '../../batteries/metering.ts';
import {
  findFormat,
  formats,
  shownGroups,
  toDocument,
  type Format,
  type FormatOptions,
  type Result,
} from '../../formats/index.ts';
import { LatestLines } from './latest-lines.ts';
import { readingLine, stateDocument, stateLine } from '../../formats/reading-line.ts';
import { openBatteries } from '../../batteries/session.ts';

export interface WatchOptions extends BatteriesOptions {
  /** Show changes of state, too. */
  readonly states?: boolean | undefined;
  /** End after this many readings of each battery. */
  readonly count?: number | undefined;
  /** End after this time, in seconds. */
  readonly for?: number | undefined;
  /** Show at most one reading of each battery in this time, in seconds. */
  readonly interval?: number | undefined;
}

/**
 * Prints readings as they come, from all batteries that are meant, until it is interrupted or has printed what was
 * asked for. Links that are lost are made again. Returns the exit code, which tells why when there was no reading.
 */
export async function watch(options: WatchOptions, signal: AbortSignal): Promise<number> {
  const format = streamFormat(options);
  const print = await printerOf(format, options);
  await using session = await openBatteries(options, signal);
  const { batteries, replays } = session;
  const source = withBanks(batteries, options);
  const lines = new LatestLines();
  const counts = new Map<string, number>();
  const printed = new Map<string, number>();
  const ended = new AbortController();
  const show = (event: ReadingEvent): void => {
    const { device } = event.status;
    const now = source.now();
    if (now - (printed.get(device) ?? -Infinity) < (options.interval ?? 0) * 1000) return;
    const count = (counts.get(device) ?? 0) + 1;
    if (options.count !== undefined && count > options.count) return;
    printed.set(device, now);
    counts.set(device, count);
    const make = async (): Promise<string> => await print(event);
    // Of a number of readings that was asked for, none may be left out.
    if (options.count === undefined) lines.put(device, make);
    else lines.add(make);
  };
  const watching = source.observe((event) => {
    if (event.kind === 'state' && options.states) lines.add(async () => await stateText(format, event));
    if (event.kind === 'reading') show(event);
    // Not at readings alone: a battery that the others wait for may turn out to be one of them.
    if (isEnough(source, counts, options)) ended.abort();
  });
  try {
    const interrupted = AbortSignal.any([signal, batteries.failed, lines.failed]);
    await until(AbortSignal.any([ended.signal, replays.ended]), interrupted, options.for);
  } finally {
    watching[Symbol.dispose]();
  }
  await lines.done();
  return counts.size > 0 ? exitCodes.ok : tellNoReading(source.statuses);
}

function isEnough(
  source: BatterySource,
  counts: ReadonlyMap<string, number>,
  { count }: WatchOptions,
): boolean {
  if (count === undefined || counts.size === 0) return false;
  return source.statuses.every(({ device }) => (counts.get(device) ?? 0) >= count);
}

/** A format whose documents or rows can follow one another. */
function streamFormat({ format: name, states }: WatchOptions): Format {
  const format = findFormat(name);
  if (!format || (format.between === undefined && !format.rows))
    throw new UsageError(`watch has no format ${name}`, 'give text, json, yaml, toml or csv');
  if (states && format !== formats.text && (!format.printDocument || format.rows))
    throw new UsageError(`${name} has no changes of state`, 'leave out --states, or give text, json or yaml');
  return format;
}

type ReadingEvent = Extract<BatteryEvent, { kind: 'reading' }>;

/** What prints a reading in a format. */
async function printerOf(
  format: Format,
  { showSecrets }: WatchOptions,
): Promise<(event: ReadingEvent) => string | Promise<string>> {
  if (format === formats.text) return ({ status, reading }) => readingLine(status, reading);
  const resultOf = ({ status, reading }: ReadingEvent): [Result, FormatOptions] => {
    const { device, name, address, simulated, bank, energy } = status;
    const devices = [{ device, name, address, simulated, reading, bank, energy }];
    return [{ devices }, { groups: shownGroups(status), showSecrets }];
  };
  const rowOf = await format.rows?.();
  if (!rowOf) return async (event) => `${await format.render(...resultOf(event))}${format.between ?? ''}`;
  return (event) => {
    const groups = Object.values(toDocument(...resultOf(event))).flat();
    // Few readings are doubted, but the column has to be there from the beginning.
    return rowOf(Object.assign({ time: null, device: null, doubt: null }, ...groups));
  };
}

type StateEvent = Extract<BatteryEvent, { kind: 'state' }>;

async function stateText(format: Format, { status, from, time }: StateEvent): Promise<string> {
  if (!format.printDocument) return stateLine(status, time);
  return `${await format.printDocument(stateDocument(status, from, time))}${format.between ?? ''}`;
}

/** Waits until the first signal aborts or the time is up. Rejects with the reason of the second one. */
async function until(
  ended: AbortSignal,
  interrupted: AbortSignal,
  seconds: number | undefined,
): Promise<void> {
  using either = anySignal(ended, interrupted);
  if (seconds === undefined) await untilAborted(either.signal);
  else await elapses(seconds * 1000, either.signal);
  if (!ended.aborted) interrupted.throwIfAborted();
}
