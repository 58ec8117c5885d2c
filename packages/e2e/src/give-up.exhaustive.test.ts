import { times } from '@ubmsc/testing';
import { expect, test } from 'vitest';
import { simulator, start, type Running } from './command.ts';

const told = async (running: Running): Promise<unknown> => await running.told('metrics of');
const printed = async (running: Running): Promise<unknown> => await running.printed('UPS_BMS');

test.concurrent.each(
  [
    { name: 'watch', args: ['watch', '--plain'], works: printed },
    { name: 'read --watch', args: ['read', '--watch'], works: printed },
    { name: 'export', args: ['export', '--url', 'http://127.0.0.1:0/metrics'], works: told },
  ].slice(0, times(1, 3)),
)(
  '$name ends with exit code 3 when the adapter is gone for longer than --give-up-after',
  async ({ args, works }) => {
    const batteries = await simulator();
    const running = start(['--adapter', batteries.adapter, '--give-up-after', '0.5', ...args]);
    await works(running);
    await batteries[Symbol.asyncDispose]();
    const { code, stderr } = await running.ended;
    expect(stderr).toContain('could not be opened for');
    expect(code).toBe(3);
  },
);
