import { UsageError } from '@ubmsc/protocol';

/** Where an adapter is: a Bluetooth controller of this machine, simulated batteries, a recording, or an ether on a socket. */
export type AdapterSpec =
  | { readonly kind: 'hci'; readonly device: number }
  | { readonly kind: 'sim'; readonly batteries: number }
  | { readonly kind: 'ether'; readonly address: string }
  | ReplaySpec;

/** A recording that is replayed: one that comes with the program, by its name, or a file. Times are in seconds. */
export interface ReplaySpec {
  readonly kind: 'replay';
  readonly source: { readonly name: string } | { readonly file: string };
  /** How much faster than it was recorded. */
  readonly speed?: number;
  /** Goes on with its first cell data when it is over. */
  readonly loop?: boolean;
  /** Where in the recording it begins, and where it ends. */
  readonly from?: number;
  readonly to?: number;
}

/** Most batteries that `sim:n` makes. */
const MOST_BATTERIES = 99;

/** What can be said of a replay behind a `?`, as in `replay:van.jsonl?speed=10&loop`: the least and the most of each number. */
const replayRanges = { speed: [0.001, 1000], from: [0, 1e9], to: [0, 1e9] } as const;

/**
 * Reads `hci0`, `sim`, `sim:3`, `sim:NAME`, `replay:FILE`, `unix:/run/ether.sock` or `tcp:127.0.0.1:9000`.
 * Throws a {@link UsageError} for anything else; what follows `unix:` and `tcp:` is judged when it is opened.
 */
export function parseAdapterSpec(spec: string): AdapterSpec {
  const hci = /^hci(\d{1,5})$/.exec(spec);
  if (hci) return { kind: 'hci', device: Number(hci[1]) };
  const sim = /^sim(?::(\d{1,5}))?$/.exec(spec);
  if (sim) {
    const batteries = Number(sim[1] ?? 1);
    if (batteries >= 1 && batteries <= MOST_BATTERIES) return { kind: 'sim', batteries };
    throw new UsageError(
      `adapter ${JSON.stringify(spec)} has ${batteries} batteries`,
      `give a number from 1 to ${MOST_BATTERIES}`,
    );
  }
  if (/^(unix|tcp):./.test(spec)) return { kind: 'ether', address: spec };
  const replay = /^(sim|replay):([^?]+)(?:\?(.*))?$/.exec(spec);
  const [, scheme, source = '', settings] = replay ?? [];
  if (scheme === 'sim' && /^[a-z][\w.-]*$/i.test(source)) {
    return { kind: 'replay', source: { name: source }, loop: true, ...replaySettings(spec, settings) };
  }
  if (scheme === 'replay') {
    return { kind: 'replay', source: { file: source }, ...replaySettings(spec, settings) };
  }
  throw new UsageError(
    `no adapter is called ${JSON.stringify(spec)}`,
    'give hci0, sim, sim:3, sim:NAME, replay:FILE, unix:/path/to/socket or tcp:host:port',
  );
}

function replaySettings(spec: string, text = ''): Omit<ReplaySpec, 'kind' | 'source'> {
  const settings = [...new URLSearchParams(text)].map(
    ([name, value]): Omit<ReplaySpec, 'kind' | 'source'> => {
      if (name === 'loop' && ['', 'true', 'false'].includes(value)) return { loop: value !== 'false' };
      if (name === 'speed' || name === 'from' || name === 'to') {
        const [least, most] = replayRanges[name];
        const number = Number(value);
        if (value !== '' && number >= least && number <= most) return { [name]: number };
      }
      throw new UsageError(
        `adapter ${JSON.stringify(spec)} has a wrong ${JSON.stringify(name)}`,
        'behind the ? stand speed=10, loop, from=30 and to=90, with & between them; times are in seconds',
      );
    },
  );
  return Object.assign({}, ...settings);
}
