import { Ether } from '@ubmsc/hci';
import { parseFaults, simulate } from '@ubmsc/simulator';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { diagnose } from './diagnose.ts';
import { stages, type Finding } from './finding.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** Lets the fake clock run until the work is done. */
async function during<T>(work: Promise<T>): Promise<T> {
  const done = new AbortController();
  void Promise.allSettled([work]).then(() => done.abort());
  while (!done.signal.aborted) {
    vi.advanceTimersByTime(10);
    for (let turn = 0; turn < 8; turn++) await new Promise((resolve) => void setImmediate(resolve));
  }
  return await work;
}

async function findingsOf(ether: Ether, wanted?: string): Promise<Finding[]> {
  const found: Finding[] = [];
  const { signal } = new AbortController();
  for await (const finding of diagnose({ adapter: ether, wanted, listen: 5000, measure: 15_000, signal })) {
    found.push(finding);
  }
  return found;
}

/** What is found of a battery with faults. */
async function examine(faults: readonly string[], wanted?: string): Promise<Finding[]> {
  const ether = new Ether();
  const batteries = await during(simulate({ ether, faults: parseFaults(faults) }));
  try {
    return await during(findingsOf(ether, wanted));
  } finally {
    await during(batteries.close());
    ether.close();
  }
}

test('a sound battery passes every stage that applies', async () => {
  const findings = await examine([]);
  expect(findings.map(({ stage }) => stage)).toEqual(Object.keys(stages));
  expect(findings.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
  expect(findings.filter(({ outcome }) => outcome === 'skipped').map(({ stage }) => stage)).toEqual([
    'rfkill',
    'adapter',
    'permission',
    'others',
  ]);
});

test('the stream tells records a second, the layout and ATT_MTU', async () => {
  const stream = (findings: readonly Finding[]): string | undefined =>
    findings.find(({ stage }) => stage === 'stream')?.text;
  expect(stream(await examine([]))).toMatch(
    /^1\.\d records a second, 0 % with a wrong checksum, laid out as jk02-32s, ATT_MTU 131$/,
  );
  expect(stream(await examine(['mtu=23', 'cadence=3000']))).toMatch(/^0\.\d records .* ATT_MTU 23$/);
});

describe('the first stage that fails, and the exit code, tell', () => {
  test.each([
    ['held-by-other', 'hears', 4, 'nothing was received'],
    ['connect-hang', 'connect', 5, 'did not accept a connection'],
    ['drop-after=0', 'services', 5, 'was lost'],
    ['gatt=empty', 'services', 5, 'names no services'],
    ['gatt=ff00', 'services', 6, 'has no service FFE0'],
    ['discovery-hang', 'services', 5, 'did not name its services'],
    ['subscribe-hang', 'subscribe', 5, 'did not confirm'],
    ['pairing=required', 'subscribe', 5, 'wants to be paired'],
    ['pairing=echo', 'identify', 6, 'sends back what it is sent'],
    ['impostor=ant', 'identify', 6, 'not as a JK battery does'],
    ['no-answer=all', 'identify', 5, 'sent no device info'],
    ['layout=jk04', 'values', 6, 'cannot be understood'],
    ['freeze=1', 'values', 7, 'again and again'],
    ['scan-mute', 'hears', 3, 'never began to scan'],
    ['lost-connection-complete', 'connect', 5, 'did not accept a connection'],
    ['out-of-range', 'stream', 5, 'Connection Timeout'],
    ['vanish', 'stream', 3, 'is gone'],
    ['freeze-payload=1', 'values', 7, 'again and again'],
    ['mute-after=5', 'stream', 5, 'fell silent after'],
    ['stop-after=5', 'stream', 5, 'fell silent after'],
    ['cccd-reset=5', 'stream', 5, 'fell silent after'],
    ['truncate-forever', 'stream', 5, 'sent no'],
  ])('%s: %s, %i', async (fault, stage, exitCode, text) => {
    const first = (await examine([fault])).find(({ outcome }) => outcome === 'failed');
    expect(first, JSON.stringify(first)).toMatchObject({ stage, exitCode });
    expect(first?.text).toContain(text);
    expect(first?.hint).toBeTruthy();
  });
});

test('a battery that is not found is named, with those that are', async () => {
  const first = (await examine([], 'NOPE')).find(({ outcome }) => outcome === 'failed');
  expect(first).toMatchObject({
    stage: 'battery',
    text: '"NOPE" was not received within 5 s (received only UPS_BMS)',
    exitCode: 4,
  });
});

test('a name that two batteries have is what stands in the way of reading one by it', async () => {
  const ether = new Ether();
  const addresses = ['C8:47:80:00:00:01', 'C8:47:80:00:07:01'];
  const batteries = await during(
    Promise.all(addresses.map(async (address) => await simulate({ ether, addressOf: () => address }))),
  );
  try {
    const first = (await during(findingsOf(ether, 'UPS_BMS'))).find(({ outcome }) => outcome === 'failed');
    expect(first).toMatchObject({ stage: 'battery', exitCode: 4 });
    expect(first?.text).toMatch(/^2 devices are called "UPS_BMS": (C8:47:80:00:0[07]:01(, )?){2}$/);
    expect(first?.hint).toBe('ask for one by its address');
  } finally {
    await during(Promise.all(batteries.map(async (each) => await each.close())));
    ether.close();
  }
});

test('what disturbs the radio is told of a stream that goes on', async () => {
  const stream = (await examine(['crc-rate=0.3'])).find(({ stage }) => stage === 'stream');
  expect(stream).toMatchObject({ outcome: 'ok' });
  expect(stream?.hint).toContain('disturbed');
});

test('names with escape sequences are made safe', async () => {
  const battery = (await examine(['name=\u{1b}[2J'])).find(({ stage }) => stage === 'battery');
  expect(battery?.text).not.toContain('\u{1b}');
});
