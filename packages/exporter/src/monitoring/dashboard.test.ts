import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measurements } from '@ubmsc/protocol';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { dashboardRows, renderDashboard } from './dashboard.ts';
import { metricNames } from './metric-names.ts';
import { layOut } from './panel.ts';

type Measured = keyof typeof measurements.cellData;
const isMeasured = (name: string): name is Measured => Object.hasOwn(measurements.cellData, name);
const measured = Object.keys(measurements.cellData).filter(isMeasured);

const m = metricNames();
const rows = dashboardRows(m);
const expressions = rows.flatMap(({ panels }) =>
  panels.flatMap(({ queries }) => queries.map(({ expression }) => expression)),
);

// `npm run docs` runs this test with --update, which writes the file.
test('deploy/grafana/dashboards/ubmsc.json says what the rows of the dashboard say', async () => {
  await expect(renderDashboard(m)).toMatchFileSnapshot('../../../../deploy/grafana/dashboards/ubmsc.json');
});

test('every measurement that is a number is shown', () => {
  const numbers = measured.filter((name) => measurements.cellData[name].kind !== 'text');
  const isShown = (name: Measured): boolean => expressions.some((each) => each.startsWith(`${m(name)}{`));
  expect(numbers.filter((name) => !isShown(name))).toEqual([]);
});

test('no panel covers another, and none is wider than the page', () => {
  const taken = new Set<string>();
  for (const { gridPos } of layOut(rows)) {
    expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
        expect(taken).not.toContain(`${x},${y}`);
        taken.add(`${x},${y}`);
      }
    }
  }
});

const missing = spawnSync('promtool', ['--version']).error !== undefined;

describe.skipIf(missing)(`promtool${missing ? ' (skipped: it is not installed)' : ''}`, () => {
  test('understands every expression of the dashboard', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ubmsc-'));
    try {
      const rules = expressions.map((each, index) => ({
        record: `expression:${index}`,
        expr: each.replaceAll('$__rate_interval', '4m').replaceAll('$__range', '1d'),
      }));
      const file = join(folder, 'rules.yml');
      writeFileSync(file, stringify({ groups: [{ name: 'dashboard', rules }] }, { lineWidth: 0 }));
      expect(execFileSync('promtool', ['check', 'rules', file], { encoding: 'utf8' })).toContain('SUCCESS');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
