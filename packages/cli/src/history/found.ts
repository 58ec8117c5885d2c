import type { Answer } from '@ubmsc/history';
import type { KeptBattery } from './kept-batteries.ts';

/** A battery with what was found. */
export interface Found {
  readonly battery: KeptBattery;
  readonly answer: Answer;
}
