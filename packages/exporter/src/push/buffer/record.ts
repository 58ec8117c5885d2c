import { checkedLine, contentOfLine } from '@ubmsc/base';
import type { Moment } from '../clock/timeline.ts';

/** One page of samples that waits to be pushed. */
export interface Entry {
  /** Counts up from 1, across restarts. */
  readonly id: number;
  /** When the samples were taken. */
  readonly moment: Moment;
  /** How many samples there are. */
  readonly samples: number;
  /** The page in the text format, compressed with gzip. */
  readonly body: Buffer;
}

/**
 * An entry as a line: a checksum of all that follows, id, time, up time, boot, number of samples, body in Base64. It
 * stands between two line ends, so that one damaged byte never joins it to another.
 */
export function formatRecord({ id, moment, samples, body }: Entry): Buffer {
  const { time, uptime, boot } = moment;
  const content = [id, time, uptime, boot, samples, body.toString('base64')].join(' ');
  return Buffer.from(`\n${checkedLine(content)}\n`);
}

/** The entry of a line without its line ends; undefined when anything in it was changed. */
export function parseRecord(line: string): Entry | undefined {
  if (line.startsWith('{')) return parseEarlier(line);
  const content = contentOfLine(line);
  if (content === undefined) return undefined;
  const [id, time, uptime, boot = '', samples, body = ''] = content.split(' ');
  const moment = { time: Number(time), uptime: Number(uptime), boot };
  return { id: Number(id), moment, samples: Number(samples), body: Buffer.from(body, 'base64') };
}

/** Text with its checksum before it, for small files. */
export function sealed(content: string): string {
  return `${checkedLine(content)}\n`;
}

/** The content of {@link sealed}; undefined when anything was changed. */
export function unsealed(text: string): string | undefined {
  return text.endsWith('\n') ? contentOfLine(text.slice(0, -1)) : undefined;
}

/** Version 0.1.0 wrote JSON without a checksum, and the times of samples into the page. */
function parseEarlier(line: string): Entry | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { id, time, samples, body } = { id: 0, time: 0, samples: 0, body: '', ...value };
  const isEntry = [id, time, samples].every((count) => Number.isSafeInteger(count) && count >= 0);
  if (!isEntry || id === 0 || typeof body !== 'string') return undefined;
  return { id, moment: { time, uptime: 0, boot: '' }, samples, body: Buffer.from(body, 'base64') };
}
