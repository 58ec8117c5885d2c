import { start, type Running } from './command.ts';

/** `ubmsc export` that listens. It is asked to end when it is disposed of. */
export interface RunningExporter extends AsyncDisposable {
  /** Where its metrics are. */
  readonly url: string;
  readonly running: Running;
  readonly page: () => Promise<string>;
}

/** Starts the exporter, on a port that is free. */
export async function startExporter(...args: readonly string[]): Promise<RunningExporter> {
  const running = start([...args, '-u', 'http://127.0.0.1:0/metrics']);
  const url = /metrics of .* at (https?:\S+)\n/.exec(await running.told('/metrics\n'))?.[1] ?? '';
  return {
    url,
    running,
    page: async () => await (await fetch(url)).text(),
    async [Symbol.asyncDispose]() {
      running.process.kill('SIGTERM');
      await running.ended;
    },
  };
}

/** The value of a series such as `cell_voltage{device="A",cell="0"}` on a page. */
export function valueOn(page: string, series: string): number | undefined {
  const line = page.split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length));
}
