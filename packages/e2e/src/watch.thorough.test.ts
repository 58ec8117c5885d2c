import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { ubmsc } from './command.ts';

const twice = ['-d', 'UPS_BMS', '-d', 'C8:47:80:00:00:01'];

test.concurrent(
  'a battery that is named twice is watched once, which is said, and the count of readings is that of one',
  async () => {
    const { code, stdout, stderr } = await ubmsc('--adapter', 'sim', 'watch', ...twice, '--count', '2');
    expect(code).toBe(0);
    expect(stdout.match(/ UPS_BMS .* V /g)).toHaveLength(2);
    expect(stdout.trim().split('\n')).toHaveLength(2);
    expect(stderr).toContain('are one battery: it is watched as UPS_BMS');
  },
);

test.concurrent('changes of state are documents of their own in YAML', async () => {
  const { stdout } = await ubmsc('--adapter', 'sim', 'watch', '-f', 'yaml', '--states', '--count', '1');
  const documents = parseAllDocuments(stdout).flatMap((each): unknown[] =>
    'toJS' in each ? [each.toJS()] : [],
  );
  expect(documents).toContainEqual({ state: [expect.objectContaining({ state: 'streaming' })] });
  expect(documents).toContainEqual({ cell_data: [expect.objectContaining({ device: 'UPS_BMS' })] });
});
