import type { Replay } from '@ubmsc/client';

/** The recordings that one run of the program replays. */
export class Replays {
  readonly #signal: AbortSignal;
  readonly #ended = new AbortController();
  #playing = 0;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** Aborts when all of them were played to their end. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  /** Loads a recording and plays it; the simulator is loaded only for that. */
  readonly play: Replay = async ({ ether, spec }) => {
    this.#playing++;
    const { source, also = [], speed, loop } = spec;
    const [{ fixtureFile }, { loadRecording }] = await Promise.all([
      import('./fixtures.ts'),
      import('./load-recording.ts'),
    ]);
    const file = 'name' in source ? fixtureFile(source.name) : source.file;
    const recordings = [];
    for (const each of [file, ...also]) recordings.push(await loadRecording(each, this.#signal, spec));
    const { replay } = await import('@ubmsc/simulator');
    const running = await replay(recordings, { ether, speed, loop, signal: this.#signal });
    running.ended.addEventListener('abort', () => --this.#playing === 0 && this.#ended.abort(), {
      once: true,
    });
    return running;
  };
}
