import { Duplex } from 'node:stream';
import { DeviceNotFoundError } from '@ubmsc/session';
import { afterEach, expect, test, vi } from 'vitest';
import { ADDRESS, nobleOverEther } from '../../test/noble-over-ether.ts';
import { NobleCentral } from './noble-central.ts';
import { nobleOnStream } from './noble-host.ts';

afterEach(() => void vi.useRealTimers());

test('a device is sighted with its address in capitals, its name and its strength', async () => {
  await using noble = await nobleOverEther();
  expect(await noble.sight()).toMatchObject({ address: ADDRESS, rssi: -60 });
  expect(noble.central.health).toBe('sound');
});

test('a scan that has ended reports nothing, and another one can be begun', async () => {
  await using noble = await nobleOverEther();
  const sighted = vi.fn<() => void>();
  {
    await using _ = await noble.central.scan(sighted);
    await expect.poll(() => sighted.mock.calls.length).toBeGreaterThan(0);
  }
  const count = sighted.mock.calls.length;
  await noble.sight();
  expect(sighted).toHaveBeenCalledTimes(count);
});

test('a scan is given up with the reason of its signal', async () => {
  await using noble = await nobleOverEther();
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(noble.central.scan(() => {}, signal)).rejects.toThrow('enough');
  await noble.sight();
});

test('a device that was not sighted cannot be connected to', async () => {
  await using noble = await nobleOverEther();
  await expect(noble.central.connect({ address: ADDRESS, name: undefined })).rejects.toThrow(
    DeviceNotFoundError,
  );
});

test('a controller that is taken out ends the central, its scans and its links', async () => {
  await using noble = await nobleOverEther();
  await noble.sight();
  const lost = vi.fn<(error: Error) => void>();
  const link = await noble.central.connect({ address: ADDRESS, name: 'VAN' });
  link.listen({ data: () => {}, lost });
  noble.unplug();
  await expect.poll(() => noble.central.gone.aborted).toBe(true);
  const gone = { message: 'hci0 is gone', reason: 'adapterGone' };
  expect(noble.central.gone.reason).toMatchObject(gone);
  expect(lost.mock.calls).toEqual([[expect.objectContaining(gone)]]);
  await expect(noble.central.scan(() => {})).rejects.toMatchObject(gone);
});

test('a central that was closed says why it is gone, and can be closed again', async () => {
  await using noble = await nobleOverEther();
  await noble.central.close(new Error('over'));
  await noble.central.close(new Error('again'));
  expect(noble.central.gone.reason).toEqual(new Error('over'));
});

test('a controller that answers nothing is an error after ten seconds', async () => {
  vi.useFakeTimers();
  const stream = new Duplex({ read: () => {}, write: (_, __, done) => done() });
  const opening = NobleCentral.open(nobleOnStream('hci7', stream));
  const outcome = expect(opening).rejects.toMatchObject({
    name: 'AdapterError',
    message: 'hci7 did not power on within 10 s',
  });
  await vi.advanceTimersByTimeAsync(10_000);
  await outcome;
  expect(stream.destroyed).toBe(true);
});
