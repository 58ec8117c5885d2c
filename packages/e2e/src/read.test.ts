import { Ether, serveEther } from '@ubmsc/hci';
import { parseFaults, simulate } from '@ubmsc/simulator';
import { describe, expect, test } from 'vitest';
import { start, temporaryFolder } from './command.ts';

/** A read of a battery whose links are lost after 10 ms, until it is mended, if it is, when the read asks again. */
async function readFlapping(
  isMended: boolean,
): Promise<{ code: number | null; asked: number; cells: number }> {
  await using folder = await temporaryFolder();
  const adapter = `unix:${folder.file('ether.sock')}`;
  await using ether = new Ether();
  await using simulation = await simulate({ ether, faults: parseFaults(['flap=0.01']) });
  await using _ = await serveEther(ether, adapter);
  const running = start(['--adapter', adapter, '-l', 'info', '-d', 'UPS_BMS', '-c', '-f', 'j']);
  if (isMended) {
    await running.told('asking once more');
    simulation.batteries[0]?.device.setFaults([]);
  }
  const { code, stdout, stderr } = await running.ended;
  const count = (text: string, word: string): number => text.split(word).length - 1;
  return { code, asked: count(stderr, 'asking once more'), cells: count(stdout, '"cell_voltage"') };
}

describe.concurrent('a read whose link is lost', () => {
  test('asks once more', async () => {
    expect(await readFlapping(true)).toEqual({ code: 0, asked: 1, cells: 1 });
  });

  test('ends with exit code 5 when the next link is lost, too', async () => {
    expect(await readFlapping(false)).toEqual({ code: 5, asked: 1, cells: 0 });
  });

  test('asks the same battery, and no other whose name begins so', async () => {
    await using folder = await temporaryFolder();
    const adapter = `unix:${folder.file('ether.sock')}`;
    await using ether = new Ether();
    await using simulation = await simulate({ ether, batteries: 2, faults: parseFaults(['flap=0.01']) });
    await using _ = await serveEther(ether, adapter);
    const [asked, other] = simulation.batteries;
    const running = start(['--adapter', adapter, '-l', 'info', '-d', 'UPS_BMS', '-t', '3', '-c', '-f', 'j']);
    await running.told('asking once more');
    asked?.device.setFaults(parseFaults(['held-by-other']));
    other?.device.setFaults([]);
    const { code, stdout } = await running.ended;
    // Not received any more, or lost once more before it was held.
    expect([4, 5]).toContain(code);
    expect(stdout).toBe('');
  });
});
