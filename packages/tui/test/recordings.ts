import { readFileSync } from 'node:fs';
import type { RecordingText } from '../src/playback/track.ts';

/** The text of a recording of `fixtures/`. */
export function fixture(name: string): string {
  return readFileSync(new URL(`../../../fixtures/${name}.jsonl`, import.meta.url), 'utf8');
}

/** A recording in pieces, as a file is read. */
export function inPieces(text: string, name = 'van.jsonl', length = 5000): RecordingText {
  return {
    name,
    pieces: (async function* () {
      for (let at = 0; at < text.length; at += length)
        yield await Promise.resolve(text.slice(at, at + length));
    })(),
  };
}

/** What a recording was `milliseconds` after its start. */
export function until(text: string, milliseconds: number): string {
  const [header, ...lines] = text.trimEnd().split('\n');
  const kept = lines.filter((line) => Number(/^\{"ms":(-?[\d.]+)/.exec(line)?.[1]) <= milliseconds);
  return [header, ...kept, ''].join('\n');
}

/** The same with another beginning, in milliseconds later; and with what else its first line says. */
export function changed(text: string, later: number, own: object = {}): string {
  const [header = '', ...lines] = text.split('\n');
  const { started, ...rest }: { started: string } = JSON.parse(header);
  const moved = new Date(Date.parse(started) + later).toISOString();
  return [JSON.stringify({ ...rest, started: moved, ...own }), ...lines].join('\n');
}
