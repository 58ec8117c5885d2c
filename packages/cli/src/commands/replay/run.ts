import { existsSync } from 'node:fs';
import { escapeReplayFile } from '@ubmsc/client';
import { exitCodes } from '../../exit-codes.ts';
import { print } from '../../output.ts';
import { fixtureFile, fixtures, isFixture } from '../../recordings/fixtures.ts';

/** How a recording is played; times in seconds. */
export interface ReplaySettings {
  readonly speed?: number | undefined;
  readonly loop?: boolean | undefined;
  readonly from?: number | undefined;
  readonly until?: number | undefined;
}

/** The adapter on which recordings are played together: those that come with the program, where there is no file of the name. */
export function adapterOf(
  recordings: readonly string[],
  { speed, loop = false, from, until }: ReplaySettings,
): string {
  const [first = '', ...others] = recordings.map((name) =>
    !existsSync(name) && isFixture(name) ? fixtureFile(name) : name,
  );
  const settings = Object.entries({ speed, loop, from, to: until }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${value}`],
  );
  const also = others.map((name) => `also=${encodeURIComponent(name)}`);
  return `replay:${escapeReplayFile(first)}?${[...settings, ...also].join('&')}`;
}

/** The options of `ubmsc tui` for going through these recordings in time. */
export function timeTravel(recordings: readonly string[]): readonly string[] {
  return recordings.flatMap((name) => [
    '--recording',
    !existsSync(name) && isFixture(name) ? fixtureFile(name) : name,
  ]);
}

/** Recordings stand before the first option; what follows is for the command into which they are played. */
export function splitArguments(
  all: readonly string[],
): readonly [recordings: readonly string[], rest: readonly string[]] {
  const first = all.findIndex((text) => /^-./.test(text));
  return first < 0 ? [all, []] : [all.slice(0, first), all.slice(first)];
}

/** Prints the recordings that come with the program. */
export async function listRecordings(): Promise<number> {
  for (const [name, note] of fixtures()) await print(`${name.padEnd(16)}  ${note}\n`);
  return exitCodes.ok;
}
