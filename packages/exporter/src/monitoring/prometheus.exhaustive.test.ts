import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { times } from '@ubmsc/testing';
import { describe, expect, test } from 'vitest';
import { alertRules } from './alert-rules.ts';
import { cellLimits } from './limits.ts';
import { metricNames } from './metric-names.ts';
import { renderRules, renderRuleTests } from './prometheus.ts';

const rules = alertRules(metricNames(), cellLimits.LFP);
const folder = fileURLToPath(new URL('../../../../deploy/prometheus/', import.meta.url));

// `npm run docs` runs these tests with --update, which writes the files.
test('deploy/prometheus/ubmsc.rules.yml says what the table of alerts says', async () => {
  await expect(renderRules(rules)).toMatchFileSnapshot(`${folder}ubmsc.rules.yml`);
});

test('deploy/prometheus/ubmsc.rules.test.yml has a test of each alert that fires, and one that does not', async () => {
  expect(rules.filter(({ silent }) => silent.length === 0)).toEqual([]);
  await expect(renderRuleTests(rules, 'ubmsc.rules.yml')).toMatchFileSnapshot(
    `${folder}ubmsc.rules.test.yml`,
  );
});

test('docs/service.md says at which limits alerts fire', () => {
  const page = readFileSync(new URL('../../../../docs/service.md', import.meta.url), 'utf8').replaceAll(
    / +/g,
    ' ',
  );
  for (const [chemistry, { low, high, spread, flatBelow, hot, chargeAbove }] of Object.entries(cellLimits)) {
    const cells = [
      chemistry,
      `${low} V`,
      `${high} V`,
      `${spread * 1000} mV`,
      `${flatBelow} V`,
      `${hot} °C`,
      `${chargeAbove} °C`,
    ];
    expect(page).toContain(`| ${cells.join(' | ')} |`);
  }
});

/** That of the system, and another one that PROMTOOL names: rules must mean the same to old and new ones. */
const tools = [...new Set(['promtool', process.env['PROMTOOL'] ?? 'promtool'])];

describe.each(tools)('%s', (tool) => {
  const missing = spawnSync(tool, ['--version']).error !== undefined;
  test.skipIf(!missing)('(skipped: it is not installed)', ({ skip }) => skip());

  /** Runs promtool in a folder with the rules and their tests, of every chemistry. */
  function promtool(chemistry: keyof typeof cellLimits, ...args: readonly string[]): string {
    const cwd = mkdtempSync(join(tmpdir(), 'ubmsc-'));
    try {
      const prefixed = alertRules(metricNames('battery_'), cellLimits[chemistry]);
      writeFileSync(join(cwd, 'ubmsc.rules.yml'), renderRules(prefixed));
      writeFileSync(join(cwd, 'ubmsc.rules.test.yml'), renderRuleTests(prefixed, 'ubmsc.rules.yml'));
      const { stdout, stderr, status } = spawnSync(tool, args, { cwd, encoding: 'utf8' });
      return `${stdout}${stderr}exit code ${status}`;
    } finally {
      rmSync(cwd, { recursive: true });
    }
  }

  test.skipIf(missing)('accepts the rules', () => {
    expect(promtool('LFP', 'check', 'rules', 'ubmsc.rules.yml')).toContain(
      `SUCCESS: ${rules.length} rules found`,
    );
  });

  test.skipIf(missing).each((['LFP', 'Li-ion', 'LTO'] as const).slice(0, times(0, 3)))(
    'finds that each alert fires when it should and only then, for %s',
    (chemistry) => {
      const said = promtool(chemistry, 'test', 'rules', 'ubmsc.rules.test.yml');
      expect(said).toContain('SUCCESS');
      expect(said).toContain('exit code 0');
    },
  );
});
