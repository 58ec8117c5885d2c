import { UsageError } from '@ubmsc/base';
import { adapterProblems } from '@ubmsc/client';
import { expect, test } from 'vitest';
import { hintInOptions, problemText } from './hints.ts';

test.each([
  ["use openAdapter('bluez'), which", 'use --adapter bluez, which'],
  ['allow more time with { requestTimeout }', 'allow more time with --request-timeout'],
  ['adapter.scan() lists what is in range', 'ubmsc scan lists what is in range'],
  ['leave { capture } out', 'leave --snoop out'],
  ['give { webConfigFile }', 'give --web.config.file'],
  ['listFaults() lists them', '--list-faults lists them'],
  ["without a kernel: serveEther('unix:/path')", 'without a kernel: --listen unix:/path'],
  ['in an ether, with serveEther()', 'in an ether, with --listen'],
  ['or carryToKernel(), which', 'or --adapter vhci, which'],
  ['start it: sudo systemctl start bluetooth', 'start it: sudo systemctl start bluetooth'],
])('the command says %j as %j', (call, option) => {
  expect(hintInOptions(call)).toBe(option);
});

test('hints of the client name no options, and those of the command no calls', () => {
  for (const { hint } of Object.values(adapterProblems)) {
    expect(hint).not.toContain('--adapter');
    expect(hintInOptions(hint)).not.toMatch(/openAdapter|[{}]/);
  }
});

test('what is said of an error ends with the next step in options, where it has one', () => {
  expect(problemText(new UsageError('it is too slow', 'allow { requestTimeout }'))).toBe(
    'it is too slow; allow --request-timeout',
  );
  expect(problemText(new Error('a { bug }'))).toBe('a { bug }');
  expect(problemText('no { error }')).toBe('no { error }');
});

test.each([
  ['deb', 'sudo apt install --reinstall'],
  ['npm', 'npm install --global'],
  ['checkout', 'npm ci'],
] as const)(
  'a native part that is missing comes back as this kind of install (%s) needs it: %s',
  (kind, command) => {
    expect(hintInOptions(adapterProblems.notBuilt.hint, kind)).toContain(command);
  },
);
