import { UsageError } from '@ubmsc/base';
import { autoTransport } from '../auto/auto-transport.ts';
import { bluezTransport } from '../bluez/bluez-transport.ts';
import { hciTransport } from '../noble/hci-transport.ts';
import { etherTransports } from '../virtual/ether-transports.ts';
import { replayTransport } from '../virtual/replay-transport.ts';
import { simTransport } from '../virtual/sim-transport.ts';
import type { OpenTransport, Transport } from './transport.ts';

/** Every scheme of `--adapter`, in the order of the help. */
export const transports: readonly Transport[] = [
  autoTransport((text) => parseAdapter(text).open),
  bluezTransport,
  hciTransport,
  simTransport,
  replayTransport,
  ...etherTransports,
];

/** An adapter that a text names. */
export interface ParsedAdapter {
  readonly scheme: string;
  readonly open: OpenTransport;
}

/** The ways to write an adapter: `hci0, sim, sim:3 or tcp:host:port`. */
export function adapterExamples(): string {
  const examples = transports.flatMap((transport) => transport.examples);
  return `${examples.slice(0, -1).join(', ')} or ${examples.at(-1)}`;
}

/**
 * Reads the text of an adapter, such as `hci0` or `sim:3`.
 * @throws {UsageError} it names none; the hint says what does.
 */
export function parseAdapter(text: string): ParsedAdapter {
  const transport = transports.find(({ scheme }) => beginsWith(text, scheme));
  if (transport) return { scheme: transport.scheme, open: transport.parse(text) };
  throw new UsageError(`no adapter is called ${JSON.stringify(text)}`, `give ${adapterExamples()}`);
}

/** Several adapters may be named, with commas between them. */
export function splitAdapters(text: string): readonly string[] {
  const parts: string[] = [];
  for (const part of text.split(',')) {
    const last = parts.length - 1;
    // A path may hold a comma: only what begins with a scheme is an adapter of its own.
    if (last < 0 || transports.some(({ scheme }) => beginsWith(part, scheme))) parts.push(part);
    else parts[last] += `,${part}`;
  }
  return parts;
}

function beginsWith(text: string, scheme: string): boolean {
  return text.startsWith(scheme) && /^(?:\d|:|$)/.test(text.slice(scheme.length));
}
