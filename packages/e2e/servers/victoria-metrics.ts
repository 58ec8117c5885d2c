import { temporaryFolder } from '../src/command.ts';
import { startServer, type ServerProcess } from './process.ts';

/** What is stored of one series. */
export interface StoredSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly number[];
  /** In milliseconds since 1970-01-01 UTC. */
  readonly timestamps: readonly number[];
}

export interface VictoriaMetrics extends ServerProcess {
  /** Where samples are pushed to. */
  readonly importUrl: string;
  /** Writes what is in memory to disk, as happens every few seconds. */
  readonly flush: () => Promise<void>;
  /** Everything that is stored from a time on. */
  readonly stored: (since?: number) => Promise<readonly StoredSeries[]>;
}

export async function startVictoriaMetrics(): Promise<VictoriaMetrics> {
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
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line): StoredSeries => JSON.parse(line));
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}
