/** How a panel draws its series. */
export type PanelType = 'stat' | 'gauge' | 'bargauge' | 'timeseries' | 'state-timeline' | 'table';

export interface Query {
  /** PromQL, with `$device` for the batteries that were chosen. */
  readonly expression: string;
  /** Name of each series, with its labels as `{{device}}`. */
  readonly legend: string;
}

/** One panel of a dashboard. */
export interface Panel {
  readonly title: string;
  readonly description?: string;
  readonly type: PanelType;
  /** Columns of 24; 8 when left out. */
  readonly width?: number;
  /** Rows; 8 when left out. */
  readonly height?: number;
  /** A unit of Grafana. */
  readonly unit?: string;
  readonly decimals?: number;
  readonly min?: number;
  readonly max?: number;
  /** What values mean, with a colour: of states. */
  readonly meanings?: readonly Meaning[];
  readonly queries: readonly Query[];
}

export interface Meaning {
  readonly value: number;
  readonly text: string;
  readonly colour: string;
}

/** Panels under a title; repeated for each battery that was chosen. */
export interface Row {
  readonly title: string;
  readonly repeated?: true;
  readonly panels: readonly Panel[];
}

const COLUMNS = 24;

/** A panel of Grafana. */
export interface LaidOut {
  readonly id: number;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly [property: string]: unknown;
}

/** The rows as Grafana wants them: a list in which each panel has its place. */
export function layOut(rows: readonly Row[]): readonly LaidOut[] {
  const laid: LaidOut[] = [];
  let y = 0;
  for (const { title, repeated, panels } of rows) {
    laid.push({
      id: laid.length + 1,
      type: 'row',
      title,
      collapsed: false,
      gridPos: { x: 0, y, w: COLUMNS, h: 1 },
      panels: [],
      ...(repeated && { repeat: 'device' }),
    });
    y += 1;
    let x = 0;
    let tallest = 0;
    for (const panel of panels) {
      const { width = 8, height = 8 } = panel;
      if (x + width > COLUMNS) {
        y += tallest;
        x = tallest = 0;
      }
      laid.push({ id: laid.length + 1, gridPos: { x, y, w: width, h: height }, ...toGrafana(panel) });
      x += width;
      tallest = Math.max(tallest, height);
    }
    y += tallest;
  }
  return laid;
}

const datasource = { type: 'prometheus', uid: '${datasource}' };

function toGrafana(panel: Panel): object {
  const { title, description, type, unit, decimals, min, max, meanings = [], queries } = panel;
  return {
    type,
    title,
    ...(description !== undefined && { description }),
    datasource,
    fieldConfig: {
      defaults: {
        ...(unit !== undefined && { unit }),
        ...(decimals !== undefined && { decimals }),
        ...(min !== undefined && { min }),
        ...(max !== undefined && { max }),
        ...(meanings.length > 0 && {
          mappings: [
            {
              type: 'value',
              options: Object.fromEntries(
                meanings.map(({ value, text, colour }, index) => [value, { text, color: colour, index }]),
              ),
            },
          ],
        }),
        custom:
          type === 'timeseries'
            ? { lineWidth: 1, fillOpacity: 5, spanNulls: false, showPoints: 'never' }
            : {},
      },
      overrides: [],
    },
    options: options[type],
    targets: queries.map(({ expression, legend }, index) => ({
      refId: String.fromCodePoint(0x41 + index),
      datasource,
      expr: expression,
      legendFormat: legend,
      ...(type !== 'timeseries' && type !== 'state-timeline' && { instant: true }),
    })),
  };
}

/** Stale is stale: a last value is shown only while Prometheus has it, and gaps in lines stay gaps. */
const lastValue = { reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false } };

const options: Readonly<Record<PanelType, object>> = {
  stat: { ...lastValue, colorMode: 'value', graphMode: 'none', textMode: 'auto' },
  gauge: { ...lastValue, showThresholdMarkers: false },
  bargauge: { ...lastValue, orientation: 'vertical', displayMode: 'basic', showUnfilled: true },
  timeseries: {
    legend: { displayMode: 'list', placement: 'bottom' },
    tooltip: { mode: 'multi', sort: 'desc' },
  },
  'state-timeline': {
    mergeValues: true,
    showValue: 'never',
    legend: { displayMode: 'list', placement: 'bottom' },
  },
  table: { showHeader: true },
};
