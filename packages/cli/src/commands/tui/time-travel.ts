import { UsageError } from '@ubmsc/base';
import { MOST_RECORDINGS, openPlayback } from '@ubmsc/tui';
import { onTerminal, show, type Look, type Shown } from './screen.ts';

/** Shows recordings on the terminal until somebody quits. Returns the exit code. */
export async function timeTravel(
  files: readonly string[],
  options: Look,
  signal: AbortSignal,
): Promise<number> {
  return await onTerminal(async () => await playRecordings(files, options, signal));
}

async function playRecordings(files: readonly string[], options: Look, signal: AbortSignal): Promise<number> {
  if (files.length > MOST_RECORDINGS) {
    throw new UsageError(`no more than ${MOST_RECORDINGS} recordings are shown together`, 'give fewer files');
  }
  if (files.includes('-')) {
    throw new UsageError('keys come from standard input, so no recording can', 'give the path of a file');
  }
  const closing = new AbortController();
  const either = AbortSignal.any([signal, closing.signal]);
  const { recordingText } = await import('../../recordings/load-recording.ts');
  const playback = await openPlayback(files.map((name) => ({ name, pieces: recordingText(name, either) })));
  const shown: Shown = { source: playback, playback, opening: `reading ${files.join(', ')} …` };
  return await show(
    shown,
    options,
    async (screen) => {
      await playback.load(either);
      for (const remark of playback.remarks) screen.note('notice', remark);
      screen.waitFor('the recordings have no battery');
    },
    signal,
    closing,
  );
}
