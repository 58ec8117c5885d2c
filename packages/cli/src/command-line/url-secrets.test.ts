import { expect, test } from 'vitest';
import { withoutUrlSecrets } from './url-secrets.ts';

test.each([
  ['https://anna:s3cret@host/path', 'https://***@host/path'],
  ['--push-url=https://anna:s3cret@host/path?x=1', '--push-url=https://***@host/path?x=1'],
  ['mqtts://s3cret@host', 'mqtts://***@host'],
  ['http://a:p@ss@host', 'http://***@host'],
  ['http://host/write?db=a&u=anna&p=s3cret', 'http://host/write?db=a&u=anna&p=***'],
  ['http://host/?token=s3cret#a', 'http://host/?token=***#a'],
  ['http://host/@path', 'http://host/@path'],
  ['house@home', 'house@home'],
])('%s is shown as %s', (text, shown) => {
  expect(withoutUrlSecrets(text)).toBe(shown);
});
