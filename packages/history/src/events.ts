import { join } from 'node:path';
import * as v from 'valibot';
import { appendLine, readLines } from './checked-lines.ts';

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

/** Events of a battery: a line for each generation of the journal that has some. */
export async function readEvents(
  folder: string,
): Promise<{ readonly written: readonly WrittenEvents[]; readonly damaged: number; readonly end: number }> {
  const { values, damaged, end } = await readLines(eventsFile(folder));
  const written = values.flatMap((value) => {
    const parsed = v.safeParse(line, value);
    return parsed.success ? [parsed.output] : [];
  });
  return { written, damaged: damaged + values.length - written.length, end };
}

/** Adds events, unless those of their generation are there. */
export async function appendEvents(folder: string, added: WrittenEvents): Promise<void> {
  const { written, end } = await readEvents(folder);
  if (added.events.length === 0 || written.some(({ generation }) => generation === added.generation)) return;
  await appendLine(eventsFile(folder), end, added);
}
