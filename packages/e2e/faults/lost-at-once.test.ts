import { Duplex } from 'node:stream';
import { openAdapter } from '@ubmsc/client';
import { Ether, type ControllerOptions } from '@ubmsc/hci';
import { LinkError } from '@ubmsc/session';
import { parseFaults, simulate } from '@ubmsc/simulator';
import { expect, test } from 'vitest';

/** Time in which what a controller says is gathered, in milliseconds. */
const BUSY = 5;

/** An ether whose clients are busy: what a controller has said meanwhile, they hear in one breath. */
class BusyEther extends Ether {
  override open(options: ControllerOptions = {}): Duplex {
    const stream = super.open(options);
    return options.address === undefined ? gathered(stream) : stream;
  }
}

function gathered(stream: Duplex): Duplex {
  let held: Buffer[] = [];
  const late = new Duplex({
    read: () => {},
    write: (chunk: Buffer, _encoding, done) => void stream.write(chunk, done),
    destroy: (error, done) => {
      stream.destroy();
      done(error);
    },
  });
  stream.on('data', (chunk: Buffer) => {
    held.push(chunk);
    if (held.length > 1) return;
    setTimeout(() => {
      late.push(Buffer.concat(held));
      held = [];
    }, BUSY);
  });
  stream.on('close', () => late.destroy());
  return late;
}

test(
  'links that are lost at any moment while they are made end with an error each, and nothing else does',
  { timeout: 60_000 },
  async () => {
    await using ether = new BusyEther();
    await using simulation = await simulate({ ether });
    await using adapter = await openAdapter(ether);
    const [battery] = simulation.batteries;
    const reasons = new Set<unknown>();
    for (let milliseconds = 0; milliseconds < 40; milliseconds++) {
      battery?.device.setFaults(parseFaults([`drop-after=${milliseconds}`]));
      const device = await adapter.find('UPS_BMS');
      const error: unknown = await adapter.open(device, { retries: 0 }).then(
        async (opened) => await opened.close(),
        (reason: unknown) => reason,
      );
      if (error !== undefined) reasons.add(error instanceof LinkError && error.reason);
    }
    expect([...reasons]).toEqual(['setupFailed']);
  },
);
