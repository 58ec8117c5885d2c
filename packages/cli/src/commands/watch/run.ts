import { anySignal, elapses, untilAborted, UsageError } from '@ubmsc/base';
import type { BatteryEvent, BatterySource } from '@ubmsc/session';
import type { BatteriesOptions } from '../../command-line/context.ts';
import { exitCodes } from '../../exit-codes.ts';
import { tellNoReading } from '../../batteries/no-reading.ts';
import { withBanks } from '../../batteries/metering.ts';
import { findFormat, formats, shownGroups, type Format } from '../../formats/index.ts';
import { LatestLines } from './latest-lines.ts';
import { readingLine, stateJson, stateLine } from '../../formats/reading-line.ts';
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
  const format = streamFormat(options.format);
  await using session = await openBatteries(options, signal);
  const { batteries, replays } = session;
  const source = withBanks(batteries, options);
  const lines = new LatestLines();
  const counts = new Map<string, number>();
  const printed = new Map<string, number>();
  const ended = new AbortController();
  const watching = source.observe((event) => {
    if (event.kind === 'state' && options.states) lines.add(() => stateText(format, event));
    if (event.kind !== 'reading') return;
    const { device } = event.status;
    const now = source.now();
    if (now - (printed.get(device) ?? -Infinity) < (options.interval ?? 0) * 1000) return;
    const count = (counts.get(device) ?? 0) + 1;
    if (options.count !== undefined && count > options.count) return;
    printed.set(device, now);
    counts.set(device, count);
    const make = async (): Promise<string> => await readingText(format, event, options);
    // Of a number of readings that was asked for, none may be left out.
    if (options.count === undefined) lines.put(device, make);
    else lines.add(make);
    if (isEnough(source, counts, options)) ended.abort();
  });
  try {
    const interrupted = AbortSignal.any([signal, batteries.failed]);
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
  { count, batteries: wanted }: WatchOptions,
): boolean {
  if (count === undefined || (wanted && counts.size < wanted.length)) return false;
  return source.statuses.every(({ device }) => (counts.get(device) ?? 0) >= count);
}

/** A format whose documents can follow one another. */
function streamFormat(name: string): Format {
  const format = findFormat(name);
  if (format?.between !== undefined) return format;
  throw new UsageError(`watch has no format ${name}`, 'give text, json or yaml');
}

async function readingText(
  format: Format,
  { status, reading }: Extract<BatteryEvent, { kind: 'reading' }>,
  { showSecrets }: WatchOptions,
): Promise<string> {
  if (format === formats.text) return readingLine(status, reading);
  const { device, name, address, simulated, bank, energy } = status;
  const devices = [{ device, name, address, simulated, reading, bank, energy }];
  return `${await format.render({ devices }, { groups: shownGroups(status), showSecrets })}${format.between ?? ''}`;
}

function stateText(format: Format, { status, from, time }: Extract<BatteryEvent, { kind: 'state' }>): string {
  return format === formats.text ? stateLine(status, time) : stateJson(status, from, time);
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
