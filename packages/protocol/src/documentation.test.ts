import { expect, test } from 'vitest';
import { renderMeasurements, renderProtocol } from './documentation.ts';

// `npm run docs` runs these tests with --update, which writes the files.
test('docs/protocol.md says what the layouts say', async () => {
  await expect(renderProtocol()).toMatchFileSnapshot('../../../docs/protocol.md');
});

test('docs/measurements.md says what the measurement table says', async () => {
  await expect(renderMeasurements()).toMatchFileSnapshot('../../../docs/measurements.md');
});
