import { writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import { temporaryFolder } from '../src/command.ts';
import { startServer, type ServerProcess } from './process.ts';
import type { StoredSeries } from './stored.ts';

export interface PrometheusOptions {
  /** Where metrics are: URLs with a path. */
  readonly targets: readonly string[];
  /** In seconds; 1 when left out. */
  readonly scrapeInterval?: number;
  /** Text of a file with alert rules. */
  readonly rules?: string;
  /** The program; that of the system when left out. */
  readonly command?: string;
}

/** One series of an answer. */
export interface QueriedSeries {
  readonly metric: Readonly<Record<string, string>>;
  /** Time in seconds since 1970-01-01 UTC and value, of each sample that was asked for. */
  readonly values: readonly (readonly [time: number, value: number])[];
}

export interface Prometheus extends ServerProcess {
  /** What an expression gives now: one value for each series, or several for a range such as `up[1m]`. */
  readonly query: (expression: string) => Promise<readonly QueriedSeries[]>;
  /** Where remote write goes. Samples may come as late as a day, in any order. */
  readonly writeUrl: string;
  /** Everything that is stored. */
  readonly stored: () => Promise<readonly StoredSeries[]>;
}

/** A Prometheus that scrapes from the start. Its first sample takes about six seconds. */
export async function startPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  const { targets, scrapeInterval = 1, rules, command = 'prometheus' } = options;
  const folder = await temporaryFolder();
  const interval = `${scrapeInterval}s`;
  await writeFile(
    folder.file('prometheus.yml'),
    stringify({
      storage: { tsdb: { out_of_order_time_window: '1d' } },
      global: { scrape_interval: interval, scrape_timeout: interval, evaluation_interval: interval },
      rule_files: rules === undefined ? [] : ['rules.yml'],
      scrape_configs: targets.map((target) => {
        const { host, pathname, protocol } = new URL(target);
        return {
          job_name: `ubmsc at ${host}`,
          scheme: protocol.slice(0, -1),
          metrics_path: pathname,
          static_configs: [{ targets: [host] }],
        };
      }),
    }),
  );
  if (rules !== undefined) await writeFile(folder.file('rules.yml'), rules);
  const server = await startServer({
    command,
    ready: '/-/ready',
    args: (port) => [
      `--config.file=${folder.file('prometheus.yml')}`,
      `--storage.tsdb.path=${folder.file('data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.enable-remote-write-receiver',
      '--log.level=warn',
    ],
  });
  return {
    ...server,
    query: async (expression) => await query(server.url, expression),
    writeUrl: `${server.url}/api/v1/write`,
    stored: async () => {
      const series = await query(server.url, '{__name__!="",job=""}[1d]');
      return series.map(({ metric, values }) => ({
        metric,
        // A series that has ended has a sample that says so; it is not a value.
        values: values.map(([, value]) => value),
        timestamps: values.map(([time]) => Math.round(time * 1000)),
      }));
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

interface QueryAnswer {
  readonly status: string;
  readonly error?: string;
  readonly data: {
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>;
      readonly value?: readonly [number, string];
      readonly values?: readonly (readonly [number, string])[];
    }[];
  };
}

async function query(url: string, expression: string): Promise<readonly QueriedSeries[]> {
  const response = await fetch(
    `${url}/api/v1/query?${new URLSearchParams({ query: expression }).toString()}`,
  );
  const answer: QueryAnswer = JSON.parse(await response.text());
  if (answer.status !== 'success') throw new Error(`Prometheus: ${answer.error}`);
  return answer.data.result.map(({ metric, value, values = value ? [value] : [] }) => ({
    metric,
    values: values.map(([time, text]) => [time, Number(text)] as const),
  }));
}
