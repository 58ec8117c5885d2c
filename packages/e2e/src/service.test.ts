import { writeFile } from 'node:fs/promises';
import { eventually } from '@ubmsc/testing';
import { expect, test } from 'vitest';
import { temporaryFolder } from './command.ts';
import { startExporter, valueOn } from './exporter.ts';

test.concurrent('SIGHUP does not end a service without a configuration file', async () => {
  await using exporter = await startExporter('export', '--adapter', 'sim', '--log', 'info');
  exporter.running.process.kill('SIGHUP');
  await exporter.running.told('no configuration file to read again');
  expect((await fetch(exporter.url)).status).toBe(200);
});

test.concurrent(
  'a reload says what needs a restart, in the log and as a metric, until it is taken back',
  async () => {
    await using folder = await temporaryFolder();
    const file = folder.file('config.toml');
    await writeFile(file, 'adapter = "sim"\n');
    await using exporter = await startExporter('export', '--config', file);
    const required = async (): Promise<number | undefined> =>
      valueOn(await exporter.page(), 'ubmsc_config_restart_required');
    expect(await required()).toBe(0);
    await writeFile(file, 'adapter = "sim"\nscrape-interval = 7\n[labels]\nsite = "marina-7"\n');
    exporter.running.process.kill('SIGHUP');
    await exporter.running.told('in force after a restart: scrape-interval, [labels]');
    expect(await required()).toBe(1);
    await writeFile(file, 'adapter = "sim"\n');
    exporter.running.process.kill('SIGHUP');
    await eventually(async () => expect(await required()).toBe(0));
  },
);
