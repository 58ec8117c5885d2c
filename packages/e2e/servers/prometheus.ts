import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { temporaryFolder } from '../src/command.ts';

/** Why tests with Prometheus are skipped; empty when they are not. */
export const withoutPrometheus = spawnSync('prometheus', ['--version']).error
  ? ' (skipped: prometheus is not installed)'
  : '';

/** One result of a query: the labels of a series and its latest value. */
export interface QueryResult {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [time: number, value: string];
}

export interface Prometheus extends AsyncDisposable {
  readonly url: string;
  /** The answer to an instant query. Rejects with what Prometheus says of a query that it does not understand. */
  query(expression: string): Promise<readonly QueryResult[]>;
}

/** A port of this machine that nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}

/** Prometheus that scrapes `target` each second, with the rules of a file. Ends when it is disposed of. */
export async function startPrometheus(target: string, rules?: string): Promise<Prometheus> {
  const folder = await temporaryFolder();
  const port = await freePort();
  const config = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    ...(rules !== undefined && { rule_files: [rules] }),
    scrape_configs: [{ job_name: 'ubmsc', static_configs: [{ targets: [target] }] }],
  };
  await writeFile(folder.file('prometheus.yml'), JSON.stringify(config)); // which is YAML, too
  const child = spawn(
    'prometheus',
    [
      `--config.file=${folder.file('prometheus.yml')}`,
      `--storage.tsdb.path=${folder.file('data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = once(child, 'close');
  const url = `http://127.0.0.1:${port}`;
  const dispose = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    await folder[Symbol.asyncDispose]();
  };
  for (let tries = 0; !(await isReady(url)); tries++) {
    if (tries > 200 || child.exitCode !== null) {
      await dispose();
      throw new Error(`Prometheus does not start: ${said}`);
    }
    await pause(50);
  }
  return {
    url,
    query: async (expression) => {
      const response = await fetch(
        `${url}/api/v1/query?${new URLSearchParams({ query: expression }).toString()}`,
      );
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- https://prometheus.io/docs/prometheus/latest/querying/api/
      const answer = (await response.json()) as { data?: { result: readonly QueryResult[] }; error?: string };
      if (!answer.data) throw new Error(answer.error);
      return answer.data.result;
    },
    [Symbol.asyncDispose]: dispose,
  };
}

async function isReady(url: string): Promise<boolean> {
  return await fetch(`${url}/-/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
}
