import type { Options } from '../command-line/options.ts';

/** Where the exporter passes metrics on to. */
export interface Outputs {
  /** The URL to listen at. */
  readonly listen: string | undefined;
  /** The URL to push to. */
  readonly push: string | undefined;
  /** The file to write. */
  readonly textfile: string | undefined;
}

/**
 * What the options ask for. `--push` takes `--url` for the endpoint, as it always did, so that it listens only when
 * that has a URL of its own. Who wants a textfile wants no port, unless one is named.
 */
export function outputsOf(
  { url, push, pushUrl, textfile }: Pick<Options, 'url' | 'push' | 'pushUrl' | 'textfile'>,
  isUrlGiven: boolean,
): Outputs {
  const listens = pushUrl !== undefined || !push;
  const isAskedFor = isUrlGiven || textfile === undefined;
  return {
    listen: listens && isAskedFor ? url : undefined,
    push: pushUrl ?? (push ? url : undefined),
    textfile,
  };
}
