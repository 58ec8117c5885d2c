import { expect, test } from 'vitest';
import golden from '../test/golden-vectors.json' with { type: 'json' };
import { captureBytes, describeCorpus, fromHex, readCaptures } from '../test/corpus.ts';
import { FRAME_LENGTH, sealFrame, toFrame } from './frame.ts';
import { variantOf } from './variant.ts';

test.each(golden.frames)('$name is told by its structure', ({ hex }) => {
  const frame = toFrame(fromHex(hex));
  expect(typeof frame === 'string' ? frame : variantOf(frame)).toBe('jk02-32s');
});

test('a record that proves no variant is taken for none', () => {
  expect(variantOf(sealFrame('cellData', new Uint8Array(FRAME_LENGTH)))).toBeUndefined();
});

describeCorpus('real captures', () => {
  const valid = readCaptures('captures.json').flatMap((capture) => {
    const bytes = captureBytes(capture);
    return capture.frames.flatMap(({ offset }) => {
      const frame = toFrame(bytes.slice(offset, offset + FRAME_LENGTH));
      return typeof frame === 'string' || frame.record === 'logbook' ? [] : [{ capture, frame }];
    });
  });

  test('are taken for JK02_32S exactly when they are', () => {
    const wrong = valid.filter(
      ({ capture, frame }) => (variantOf(frame) === 'jk02-32s') !== (capture.variant === 'jk02-32s'),
    );
    expect(wrong.map(({ capture, frame }) => `${capture.id} ${frame.record}`)).toEqual([]);
    expect(valid.length).toBeGreaterThan(400);
  });
});
