import { AdapterError } from '@ubmsc/session';
import { UsageError } from '@ubmsc/base';
import type { OpenTransport, ReplaySpec, Transport } from '../central/transport.ts';

/** What can be said of a replay after a `?`, as in `replay:van.jsonl?speed=10&loop`: the least and the most of each number. */
const replayRanges = { speed: [0.001, 1000], from: [0, 1e9], to: [0, 1e9] } as const;

/** The battery of a recording. */
export const replayTransport: Transport = {
  scheme: 'replay',
  examples: ['replay:FILE'],
  help: 'a recording that is replayed',
  parse: parseReplay,
};

/**
 * Reads `replay:FILE` and `sim:NAME`, both with settings such as `?speed=10&loop`.
 * @throws {UsageError} it is neither, or a setting is wrong.
 */
export function parseReplay(text: string): OpenTransport {
  const spec = parseReplaySpec(text);
  return async ({ replay, capture, signal }) => {
    if (!replay) {
      throw new AdapterError(
        `${text} needs a simulator`,
        'play the recording into an Ether with replay of @ubmsc/simulator, and pass that to openAdapter',
      );
    }
    const { simulatedSource } = await import('./ether-source.ts');
    return await simulatedSource(
      { title: text, expected: 1 + (spec.also?.length ?? 0), capture },
      async (ether) => await replay({ ether, spec, ...(signal && { signal }) }),
    );
  };
}

export function parseReplaySpec(text: string): ReplaySpec {
  const [, scheme, source = '', settings] = /^(sim|replay):([^?]+)(?:\?(.*))?$/.exec(text) ?? [];
  if (scheme === 'sim' && /^[a-z][\w.-]*$/i.test(source)) {
    return { source: { name: source }, loop: true, ...replaySettings(text, settings) };
  }
  if (scheme === 'replay')
    return { source: { file: unescapeReplayFile(source) }, ...replaySettings(text, settings) };
  throw new UsageError(
    `adapter ${JSON.stringify(text)} names no recording`,
    'give replay:FILE, sim:NAME, sim or sim:3',
  );
}

/** The name of a file as it stands in `replay:FILE`: a `?` and a comma mean something there. */
export function escapeReplayFile(name: string): string {
  return name.replaceAll(/%(?=25|2C|3F)|[?,]/g, (character) => encodeURIComponent(character));
}

function unescapeReplayFile(text: string): string {
  return text.replaceAll(/%(25|2C|3F)/g, (escaped) => decodeURIComponent(escaped));
}

function replaySettings(spec: string, text = ''): Omit<ReplaySpec, 'source'> {
  const given = new URLSearchParams(text);
  const also = given.getAll('also');
  given.delete('also');
  const settings = [...given].map(([name, value]): Omit<ReplaySpec, 'source'> => {
    if (name === 'loop' && ['', 'true', 'false'].includes(value)) return { loop: value !== 'false' };
    if (name === 'speed' || name === 'from' || name === 'to') {
      const [least, most] = replayRanges[name];
      const number = Number(value);
      if (value !== '' && number >= least && number <= most) return { [name]: number };
    }
    throw new UsageError(
      `adapter ${JSON.stringify(spec)} has a wrong ${JSON.stringify(name)}`,
      'after the ? stand speed=10, loop, from=30 and to=90, with & between them; times are in seconds',
    );
  });
  return Object.assign({}, ...settings, also.length > 0 && { also });
}
