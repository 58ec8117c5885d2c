import { Command } from 'commander';
import { expect, test } from 'vitest';
import { helpText } from '../../main.ts';
import { suggestion } from '../suggestion.ts';
import { shells } from './completions.ts';
import { describe } from './describe.ts';
import { manualPage } from './manual.ts';

const program = new Command('ubmsc').option('-f, --format <format>', 'output format');
program.command('scan').description("list devices, also 'others'").option('--all', 'all [of them]');
const history = program
  .command('history')
  .description('show what was')
  .option('-o, --output <file>', 'where to');
history.command('verify').description('.read all files');

test('the first help fits a terminal of 80×24, the prompt included', () => {
  const lines = helpText().trimEnd().split('\n');
  expect(lines.length).toBeLessThanOrEqual(23);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
});

test('the manual page has every command and option, and protects what man would take for requests', () => {
  const page = manualPage(describe(program), '1.2.3');
  for (const name of ['ubmsc scan', 'ubmsc history verify', '\\-\\-all', '\\-o, \\-\\-output <file>']) {
    expect(page).toContain(name);
  }
  expect(page).toContain('\n\\&.read all files.');
});

test.each(Object.entries(shells))('completions for %s have every command and option', (_, make) => {
  const script = make(describe(program));
  for (const name of ['scan', 'history', 'verify', 'all', 'output', 'format']) expect(script).toContain(name);
});

test('a mistyped word is answered with the nearest one, a strange one with none', () => {
  expect(suggestion('hsitory', ['scan', 'history'])).toBe('did you mean history?');
  expect(suggestion('xyz', ['scan', 'history'])).toBeUndefined();
});
