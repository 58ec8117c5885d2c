import { temporaryFolder } from '../src/command.ts';
import { startServer, type ServerProcess } from './process.ts';
import type { StoredSeries } from './stored.ts';

export interface VictoriaMetrics extends ServerProcess {
  /** Where samples are pushed to. */
  readonly importUrl: string;
  /** Writes what is in memory to disk, as happens every few seconds. */
  readonly flush: () => Promise<void>;
  /** Everything that is stored from a time on. */
  readonly stored: (since?: number) => Promise<readonly StoredSeries[]>;
}

/** With `dedup`, samples of one series and one time count once. */
export async function startVictoriaMetrics({ dedup = false } = {}): Promise<VictoriaMetrics> {
  const folder = await temporaryFolder();
  const server = await startServer({
    command: 'victoria-metrics',
    ready: '/health',
    args: (port) => [
      `-storageDataPath=${folder.file('data')}`,
      `-httpListenAddr=127.0.0.1:${port}`,
      '-retentionPeriod=10y',
      '-search.latencyOffset=0s',
      '-loggerLevel=ERROR',
      ...(dedup ? ['-dedup.minScrapeInterval=1ms'] : []),
    ],
  });
  const flush = async (): Promise<void> => {
    await fetch(`${server.url}/internal/force_flush`);
  };
  return {
    ...server,
    importUrl: `${server.url}/api/v1/import/prometheus`,
    flush,
    stored: async (since = 0) => {
      await flush();
      const asked = new URLSearchParams({
        'match[]': '{__name__!=""}',
        start: String(since / 1000),
        end: String(Date.now() / 1000 + 3600),
      });
      const text = await (await fetch(`${server.url}/api/v1/export?${asked.toString()}`)).text();
      return (
        text
          .split('\n')
          .filter((line) => line !== '')
          // Version 1.79 writes the end of a series as null, but as NaN where it is the first value.
          .map((line): Exported => JSON.parse(line.replace('[NaN', '[null')))
          .map(withoutEnds)
      );
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** A series as it is exported. */
interface Exported extends Omit<StoredSeries, 'values'> {
  /** Null says that the series has ended. */
  readonly values: readonly (number | null)[];
}

function withoutEnds({ metric, values, timestamps }: Exported): StoredSeries {
  return {
    metric,
    values: values.filter((value) => value !== null),
    timestamps: timestamps.filter((_, index) => values[index] !== null),
  };
}
