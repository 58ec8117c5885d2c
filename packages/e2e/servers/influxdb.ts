import { writeFileSync } from 'node:fs';
import { temporaryFolder } from '../src/command.ts';
import { freePort, startServer, type ServerProcess } from './process.ts';
import type { StoredSeries } from './stored.ts';

export interface InfluxDb extends ServerProcess {
  /** Where samples are pushed to. */
  readonly writeUrl: string;
  /** Everything that is stored: one series for each field and its tags. */
  readonly stored: () => Promise<readonly StoredSeries[]>;
}

interface QueryAnswer {
  readonly results: readonly {
    readonly error?: string;
    readonly series?: readonly {
      readonly name: string;
      readonly columns: readonly string[];
      readonly tags: Readonly<Record<string, string>>;
      readonly values: readonly (readonly (number | null)[])[];
    }[];
  }[];
}

/** InfluxDB 1 with a database. */
export async function startInfluxDb(): Promise<InfluxDb> {
  const folder = await temporaryFolder();
  const rpc = await freePort();
  const server = await startServer({
    command: 'influxd',
    ready: '/ping',
    args: (port) => ['run', '-config', configOf(port)],
  });

  function configOf(port: number): string {
    const file = folder.file('influx.conf');
    const config = `
      reporting-disabled = true
      bind-address = "127.0.0.1:${rpc}"
      [meta]
      dir = "${folder.file('meta')}"
      [data]
      dir = "${folder.file('data')}"
      wal-dir = "${folder.file('wal')}"
      [http]
      bind-address = "127.0.0.1:${port}"
    `;
    writeFileSync(file, config);
    return file;
  }

  async function query(statement: string): Promise<QueryAnswer> {
    const asked = new URLSearchParams({ q: statement, db: 'ubmsc', epoch: 'ms' });
    const response = await fetch(`${server.url}/query?${asked.toString()}`, { method: 'POST' });
    const answer: QueryAnswer = JSON.parse(await response.text());
    const error = answer.results.find((each) => each.error !== undefined)?.error;
    if (error !== undefined) throw new Error(`InfluxDB: ${error}`);
    return answer;
  }

  await query('CREATE DATABASE ubmsc');
  return {
    ...server,
    writeUrl: `${server.url}/write?db=ubmsc`,
    stored: async () => {
      const { results } = await query('SELECT * FROM /.*/ GROUP BY *');
      return results.flatMap(({ series = [] }) =>
        series.flatMap(({ name, columns, tags, values }) =>
          columns.slice(1).map((field, index): StoredSeries => {
            const points = values.flatMap(([time, ...fields]) => {
              const value = fields[index];
              return typeof time === 'number' && typeof value === 'number' ? [[time, value] as const] : [];
            });
            return {
              metric: { ...tags, __name__: `${name}_${field}` },
              timestamps: points.map(([time]) => time),
              values: points.map(([, value]) => value),
            };
          }),
        ),
      );
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}
