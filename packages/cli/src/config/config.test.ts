import { UsageError } from '@ubmsc/base';
import { anyCharacter } from '@ubmsc/testing/any-character';
import fc from 'fast-check';
import { stringify } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { settings } from '../command-line/options.ts';
import { parseConfig } from './load.ts';

const file = '/etc/ubmsc/config.toml';

/** Everything that is wrong with a text, one line each. */
function problems(text: string): string[] {
  try {
    parseConfig(text, file);
    return [];
  } catch (error) {
    if (!(error instanceof AggregateError)) throw error;
    return error.errors.map((problem: unknown) => {
      expect(problem).toBeInstanceOf(UsageError);
      return problem instanceof UsageError ? `${problem.message}; ${problem.hint}` : '';
    });
  }
}

describe('a configuration file', () => {
  test('gives settings by the long names of the options, each with its place', () => {
    const config = parseConfig('# comment\nadapter = "hci1"\n\nscan-timeout = 5.5\njournal = true\n', file);
    expect(config.settings).toEqual(
      new Map<string, unknown>([
        ['journal', { value: true, origin: `${file}:5` }],
        ['scanTimeout', { value: 5.5, origin: `${file}:4` }],
        ['adapter', { value: 'hci1', origin: `${file}:2` }],
      ]),
    );
  });

  test('names batteries with alias and adapter', () => {
    const text =
      '[[battery]]\ndevice = "C8:47:80:00:00:01"\nalias = "house"\n[[battery]]\ndevice = "B"\nadapter = "hci1"';
    expect(parseConfig(text, file).batteries).toEqual([
      { device: 'C8:47:80:00:00:01', alias: 'house' },
      { device: 'B', adapter: 'hci1' },
    ]);
  });

  test('asks for more outputs by tables with the options of their kind', () => {
    const text = '[[push]]\nurl = "http://a/x"\n[[push]]\nurl = "http://b/x"\ntoken-file = "token"';
    expect(parseConfig(text, file).outputs).toEqual(
      new Map([['push', [{ url: 'http://a/x' }, { url: 'http://b/x', 'token-file': 'token' }]]]),
    );
  });

  test('takes a single table of an output, too, and tells the line of what is wrong in it', () => {
    const text = '[mqtt]\nurl = "mqtt://a"\nuser = "me"\n[push]\nurl = "http://a/x"';
    expect(parseConfig(text, file).outputs).toEqual(
      new Map([
        ['push', [{ url: 'http://a/x' }]],
        ['mqtt', [{ url: 'mqtt://a', user: 'me' }]],
      ]),
    );
    expect(problems('[mqtt]\nuser = "me"')).toEqual([`${file}:1: mqtt.url is missing; add it there`]);
    expect(problems('[mqtt]\nurl = "mqtt://a"\nusr = "me"')).toEqual([
      `${file}:3: mqtt.usr is not a setting; did you mean user?`,
    ]);
    expect(problems('mqtt = "mqtt://a"')).toEqual([
      expect.stringContaining('mqtt: it must be tables: [[mqtt]]'),
    ]);
  });

  test('may be empty, and then names no batteries', () => {
    expect(parseConfig('', file)).toEqual({
      file,
      banks: [],
      labels: {},
      settings: new Map(),
      batteries: undefined,
      outputs: new Map(),
    });
  });

  test('has no key for what only one run does', () => {
    expect(settings.map(({ key }) => key)).not.toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^(show-secrets|devices|exporter|push|(check-)?config)$/),
      ]),
    );
  });
});

describe('what is wrong is said with the line and the next step', () => {
  test.each([
    ['scan_timeout = 3', `${file}:1: scan_timeout is not a setting; did you mean scan-timeout?`],
    ['frobnicate = 3', `${file}:1: frobnicate is not a setting; there are log, log-format, journal,`],
    ['\nscan-timeout = "soon"', `${file}:2: scan-timeout: it must be a number of seconds; ubmsc --help`],
    ['scan-timeout = 0', 'it must be more than 0'],
    ['scan-timeout = inf', 'it must be at most 2000000'],
    ['scan-timeout = nan', 'it must be a number of seconds'],
    ['journal = "yes"', 'it must be true or false'],
    ['adapter = "usb"', 'no adapter is called "usb"; give '],
    ['adapter = ""', 'it is empty'],
    ['log = "loud"', 'not a log filter'],
    ['url = "nowhere"', 'is not a URL'],
    ['url = "ftp://nowhere"', 'is not a URL'],
    ['format = "xml"', 'it must be one of text, rust'],
    ['variant = "jk99"', 'it must be one of jk04'],
    ['metric-prefix = "1 2"', 'does not begin with a digit'],
    ['battery = 3', 'it must be tables: [[battery]]'],
    ['[battery]\ndevice = "x"', 'it must be tables: [[battery]]'],
    ['[[battery]]\nalias = "x"', `${file}:1: battery[1].device is missing`],
    [
      '[[battery]]\ndevice = "x"\nname = "x"',
      `${file}:3: battery[1].name is not a setting; there are device`,
    ],
    [
      '[[battery]]\ndevice = "x"\n[[battery]]\ndevice = "y"\nalias = "x"',
      `${file}:3: two batteries are called "x"`,
    ],
    ['[[bank]]\nname = "x"\nbatteries = ["a", "a"]', `${file}:1: the bank x has "a" twice`],
    [
      '[[bank]]\nname = "x"\nbatteries = ["a", "b"]\n[[bank]]\nname = "y"\nbatteries = ["x", "b"]',
      `${file}:4: "x" is a bank, and a battery of the bank y`,
    ],
    ['[[push]]\nuser = "x"', `${file}:1: push[1].url is missing`],
    ['[[push]]\nurl = "nowhere"', `${file}:2: push[1].url: "nowhere" is not a URL`],
    ['[[mqtt]]\nurl = "http://broker"', 'the URL of the MQTT broker is not valid; give one such as mqtt://'],
    ['[[mqtt]]\nurl = "mqtt://a"\nprefix = "a/#"', 'mqtt[1].prefix: it is a part of a topic'],
    ['[[mqtt]]\nurl = "mqtt://a"\nversion = "4"', 'it must be one of auto, 5, 3.1.1'],
    ['mqtt = "mqtt://a"', 'it must be tables: [[mqtt]]'],
    [
      '[[push]]\nurl = "http://a/x"\ntoken = "x"',
      'push[1].token is not a setting; there are url, protocol, user,',
    ],
    ['adapter =', `${file}:1:10: `],
    ['a = 1\na = 2', `${file}:2:1: `],
    ['__proto__ = 3', '__proto__ is not a setting'],
  ])('%j', (text, problem) => {
    const found = problems(text);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(problem);
  });

  test('all of it at once', () => {
    expect(problems('adapter = "usb"\nlog = 3\n[[battery]]\n[other]')).toHaveLength(4);
  });

  test('for any text there is', () => {
    const piece = fc.constantFrom(
      '[',
      ']',
      '[[battery]]',
      'device',
      '=',
      '"x"',
      '\n',
      '.',
      '__proto__',
      '3',
      'log',
      '{',
      '}',
      '"',
      "'''",
      '#',
      ',',
      '\0',
      '\u{d800}',
    );
    fc.assert(
      fc.property(
        fc.array(piece).map((pieces) => pieces.join('')),
        (text) => void problems(text),
      ),
    );
    fc.assert(fc.property(fc.string({ unit: anyCharacter }), (text) => void problems(text)));
  });
});

test('what a TOML library writes is read as it was', () => {
  const text = fc.string({ minLength: 1, unit: 'grapheme' });
  const battery = fc.record({ device: text, alias: text }, { requiredKeys: ['device'] });
  const batteries = fc.uniqueArray(battery, {
    selector: ({ alias, device }) => alias ?? device,
    minLength: 1,
  });
  fc.assert(
    fc.property(batteries, fc.double({ min: 0.001, max: 2e6, noNaN: true }), (tables, seconds) => {
      const config = parseConfig(stringify({ 'scan-timeout': seconds, battery: tables }), file);
      expect(config.batteries).toEqual(tables);
      expect(config.settings.get('scanTimeout')?.value).toBe(seconds);
    }),
  );
});
