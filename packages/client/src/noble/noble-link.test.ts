import { LinkError, UnknownDeviceError, type Link } from '@ubmsc/session';
import { encodeRequest } from '@ubmsc/protocol';
import { expect, test, vi } from 'vitest';
import { ADDRESS, nobleOverEther, type NobleOverEther } from '../../test/noble-over-ether.ts';
import type { LinkStep } from '../central/central.ts';

const target = { address: ADDRESS, name: 'VAN' };

/** A link to the battery, once it is sighted. */
async function connect({ sight, central }: NobleOverEther, onStep?: (step: LinkStep) => void): Promise<Link> {
  await sight();
  return await central.connect(target, { onStep });
}

test('a link is made in steps, and knows its services and ATT_MTU', async () => {
  await using noble = await nobleOverEther();
  const steps: LinkStep[] = [];
  await using link = await connect(noble, (step) => steps.push(step));
  expect(steps).toEqual(['connecting', 'discovering', 'subscribing']);
  expect([link.address, link.name]).toEqual([ADDRESS, 'VAN']);
  expect(link.mtu).toBeGreaterThan(23);
  expect(link.services?.find(({ uuid }) => uuid === 'ffe0')?.characteristics).toContainEqual({
    uuid: 'ffe1',
    properties: ['writeWithoutResponse', 'write', 'notify'],
  });
});

test('what the battery sends is received, also by who listens later', async () => {
  await using noble = await nobleOverEther();
  await using link = await connect(noble);
  await link.write(encodeRequest(0x97));
  const data = vi.fn<(bytes: Uint8Array) => void>();
  link.listen({ data, lost: () => {} });
  await expect
    .poll(() => Buffer.concat(data.mock.calls.map(([bytes]) => bytes)).toString('latin1'))
    .toContain('JK_BD4A8S4P');
});

test.each([
  ['gatt=empty', LinkError, { reason: 'noServices' }],
  ['gatt=ff00', UnknownDeviceError, { reason: 'noSerialService' }],
  ['pairing=required', LinkError, { reason: 'pairingRequired' }],
])('%s: there is no link, the error says why, and the device is free', async (fault, kind, error) => {
  await using noble = await nobleOverEther(fault);
  const connecting = connect(noble);
  await expect(connecting).rejects.toBeInstanceOf(kind);
  await expect(connecting).rejects.toMatchObject(error);
  await noble.sight();
});

test('who gives up waiting for a connection gets the reason of the signal', async () => {
  await using noble = await nobleOverEther('connect-hang');
  await noble.sight();
  const controller = new AbortController();
  const connecting = noble.central.connect(target, { signal: controller.signal });
  controller.abort(new Error('enough'));
  await expect(connecting).rejects.toThrow('enough');
});

test('a link that was closed is not lost, and the battery can be connected to again', async () => {
  await using noble = await nobleOverEther();
  const lost = vi.fn<() => void>();
  const link = await connect(noble);
  link.listen({ data: () => {}, lost });
  await link.close();
  await link.close();
  expect(lost).not.toHaveBeenCalled();
  await using again = await connect(noble);
  expect(again.address).toBe(ADDRESS);
});

test('a battery that goes away is told of once, and takes no requests', async () => {
  await using noble = await nobleOverEther();
  const lost = vi.fn<(error: Error) => void>();
  const link = await connect(noble);
  link.listen({ data: () => {}, lost });
  await noble.simulation.close();
  await expect.poll(() => lost.mock.calls).toEqual([[expect.any(LinkError)]]);
  await expect(link.write(encodeRequest(0x97))).rejects.toThrow(LinkError);
  await link.close();
  expect(lost).toHaveBeenCalledOnce();
});
