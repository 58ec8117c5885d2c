import { redactRequest, StreamRedactor } from '@ubmsc/protocol';
import { CaptureReader, SnoopWriter } from '@ubmsc/recording';
import { randomFrom, sessionPackets, times } from '@ubmsc/testing';
import { expect, test } from 'vitest';

const CAPTURES = times(100, 3000);

/** That of `--snoop`. */
const redaction = { notifications: () => new StreamRedactor(), write: redactRequest };

test('whatever is lost, doubled, swapped or damaged on the way, a capture has no planted passcode', () => {
  const session = sessionPackets({ handle: 0x40, address: 'C8:47:80:00:00:01', fragment: 251, mtu: 53 });
  let whole = 0;
  for (let seed = 1; seed <= CAPTURES; seed++) {
    const choose = randomFrom(seed * 2_654_435_761);
    const all = session.map(({ packet, ...others }) => ({ ...others, packet: Buffer.from(packet) }));
    for (let count = choose(4); count > 0; count--) {
      const at = 5 + choose(all.length - 6);
      const [one, next] = [all[at], all[at + 1]];
      if (!one || !next) continue;
      const mishaps = [
        () => all.splice(at, 1),
        () => all.splice(at, 0, one),
        () => all.splice(at, 2, next, one),
        () =>
          one.packet.length > 12 && one.packet.writeUInt8(choose(256), 12 + choose(one.packet.length - 12)),
        () => all.splice(at, choose(12)),
      ];
      mishaps[choose(mishaps.length)]?.();
    }
    const bytes: Buffer[] = [];
    const writer = new SnoopWriter((chunk) => void bytes.push(chunk), redaction);
    for (const { packet, direction, time } of all) writer.push(packet, direction, time);
    writer.end();
    const packetsOf = new CaptureReader().push(Buffer.concat(bytes));
    const text = Array.from(packetsOf, ({ body }) => body.subarray(11).toString('latin1')).join('');
    if (text.includes('LEAK')) throw new Error(`seed ${seed}: ${text.replace(/[^ -~]+/g, '.')}`);
    whole += text.includes('JK_B2A20S20P') ? 1 : 0;
  }
  expect(whole).toBeGreaterThan(CAPTURES / 3);
});
