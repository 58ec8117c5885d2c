import { commands, encodeRequest, StreamParser } from '@ubmsc/protocol';
import { LinkError } from '@ubmsc/session';
import { beforeEach, expect, it, vi } from 'vitest';
import { SimulatedDevice } from '../device/simulated-device.ts';
import { simulatedLink } from './simulated-link.ts';

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

const lost = (): void => undefined;

it('brings the stream of the device, what came before the user listened first', async () => {
  const link = simulatedLink(new SimulatedDevice());
  const parser = new StreamParser();
  const kinds: string[] = [];
  await link.write(encodeRequest(commands.readDeviceInfo));
  vi.advanceTimersByTime(110);
  link.listen({
    data: (bytes) => {
      for (const item of parser.push(bytes))
        kinds.push(item.kind === 'frame' ? item.frame.record : item.kind);
    },
    lost,
  });
  vi.advanceTimersByTime(400);
  expect(kinds.slice(0, 2)).toEqual(['deviceInfo', 'request']);
  await link.close();
});

it('occupies the device until it is closed', async () => {
  const device = new SimulatedDevice();
  const link = simulatedLink(device);
  expect(() => simulatedLink(device)).toThrow(LinkError);
  await link.close();
  await link.close();
  await expect(link.write(new Uint8Array(20))).rejects.toBeInstanceOf(LinkError);
  await simulatedLink(device).close();
  expect(vi.getTimerCount()).toBe(0);
});

it('tells the loss once to its user, and nothing when the user closed it', async () => {
  const device = new SimulatedDevice();
  const events = { data: vi.fn<(bytes: Uint8Array) => void>(), lost: vi.fn<(reason: Error) => void>() };
  const reason = new Error('out of reach');
  const first = simulatedLink(device);
  first.listen(events);
  device.disconnect(reason);
  expect(events.lost.mock.calls).toEqual([[reason]]);
  await expect(first.write(new Uint8Array(20))).rejects.toMatchObject({ cause: reason });
  const second = simulatedLink(device);
  second.listen(events);
  await second.close();
  device.disconnect(reason);
  vi.advanceTimersByTime(5000);
  expect(events.lost).toHaveBeenCalledOnce();
  expect(events.data).not.toHaveBeenCalled();
});

it('a loss before the user listened is told when the user listens', () => {
  const device = new SimulatedDevice();
  const link = simulatedLink(device);
  device.disconnect(new Error('out of reach'));
  const told = vi.fn<(reason: Error) => void>();
  link.listen({ data: lost, lost: told });
  expect(told).toHaveBeenCalledOnce();
});
