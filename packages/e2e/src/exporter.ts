import { eventually } from '@ubmsc/testing';
import { expect } from 'vitest';
import { simulator, start, type Running } from './command.ts';

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

/** What is answered at an address. */
export const text = async (url: string): Promise<string> => await (await fetch(url)).text();

/** Waits until the page holds a text. */
export async function until(url: string, part: string): Promise<string> {
  await eventually(async () => expect(await text(url)).toContain(part));
  return await text(url);
}

/** Serves two batteries with the command that is called so, until it is asked to end. */
export async function expectServed(way: string): Promise<void> {
  await using simulation = await simulator('--batteries', '2');
  const daemon = await startExporter(
    way,
    '--adapter',
    simulation.adapter,
    '-d',
    'UPS_BMS',
    '-d',
    'UPS_BMS_2',
  );
  await until(daemon.url, 'ubmsc_device_up{device="UPS_BMS"} 1\n');
  const page = await until(daemon.url, 'ubmsc_device_up{device="UPS_BMS_2"} 1\n');
  expect(page).toMatch(/^cell_voltage\{device="UPS_BMS",cell="3"\} 3\.\d+$/m);
  expect(page).toMatch(/^ubmsc_device_info\{device="UPS_BMS",.*simulated="true"/m);
  expect(page).toMatch(/^ubmsc_build_info\{version="\d+\.\d+\.\d+",/m);
  daemon.running.process.kill('SIGTERM');
  expect((await daemon.running.ended).code).toBe(0);
}
