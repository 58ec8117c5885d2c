import { noLabels, type Labels } from './labels.ts';

/** One metric with all its series at one moment. It keeps nothing: a page is made of new ones. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  readonly series: readonly Series[];
}

export interface Series {
  readonly labels: Labels;
  readonly value: number;
}

/** A metric that has one series without labels; none when the value is undefined. */
function single(type: Family['type'], name: string, help: string, value: number | undefined): Family {
  return { name, help, type, series: value === undefined ? [] : [{ labels: noLabels, value }] };
}

export const gauge = (name: string, help: string, value: number | undefined): Family =>
  single('gauge', name, help, value);

export const counter = (name: string, help: string, value: number | undefined): Family =>
  single('counter', name, help, value);
