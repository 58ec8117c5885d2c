import { crc32 } from 'node:zlib';
import { join } from 'node:path';
import { open } from 'node:fs/promises';
import * as v from 'valibot';
import { contentOf } from './folder.ts';

/** Something that has happened to a battery. */
const schema = v.looseObject({
  /** Milliseconds since 1970-01-01 UTC. */
  time: v.number(),
  /** `state`: the session came into another state; `alarm`, `alarmEnded`: an alarm began or ended. */
  kind: v.picklist(['state', 'alarm', 'alarmEnded']),
  /** The new state, or the alarm. */
  name: v.string(),
  /** Why, where that is known. */
  reason: v.optional(v.string()),
});

/** Something that happened to a battery. */
export type HistoryEvent = v.InferOutput<typeof schema>;

/** Parses the events of a block; invalid ones are left out. */
export function parseEvents(values: readonly unknown[] = []): readonly HistoryEvent[] {
  return values.flatMap((value) => {
    const parsed = v.safeParse(schema, value);
    return parsed.success ? [parsed.output] : [];
  });
}

/** Events with the generation of the journal that they are from. */
export interface WrittenEvents {
  readonly generation: number;
  readonly events: readonly HistoryEvent[];
}

const line = v.object({ generation: v.number(), events: v.array(schema) });

const eventsFile = (folder: string): string => join(folder, 'events.jsonl');

/** Events of a battery: a line for each generation of the journal that has some, with a CRC-32 before it. */
export async function readEvents(
  folder: string,
): Promise<{ readonly written: readonly WrittenEvents[]; readonly damaged: number; readonly end: number }> {
  const content = await contentOf(eventsFile(folder));
  const written: WrittenEvents[] = [];
  let damaged = 0;
  let at = 0;
  for (let end = content.indexOf('\n'); end !== -1; end = content.indexOf('\n', at)) {
    const parsed = parseLine(content.toString('utf8', at, end));
    if (parsed) written.push(parsed);
    else damaged++;
    at = end + 1;
  }
  if (at < content.length) damaged++;
  return { written, damaged, end: at };
}

function parseLine(text: string): WrittenEvents | undefined {
  const [, crc = '', json = ''] = /^([0-9a-f]{8}) (.*)$/s.exec(text) ?? [];
  if (crc !== checksum(json)) return undefined;
  try {
    const parsed = v.safeParse(line, JSON.parse(json));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

/** Adds events, unless those of their generation are there. */
export async function appendEvents(folder: string, added: WrittenEvents): Promise<void> {
  const { written, end } = await readEvents(folder);
  if (added.events.length === 0 || written.some(({ generation }) => generation === added.generation)) return;
  const json = JSON.stringify(added);
  await using file = await open(eventsFile(folder), 'a', 0o600);
  await file.truncate(end);
  await file.appendFile(`${checksum(json)} ${json}\n`);
  await file.sync();
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}
