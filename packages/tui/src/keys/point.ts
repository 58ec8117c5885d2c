import type { Target } from '../views/view.ts';
import { selectedDevice, type Surroundings, type UiState } from './state.ts';
import { at } from './time.ts';

/**
 * What becomes of the state when something is pointed at: it is selected, or gone to in time. Undefined when it is
 * selected already, and shall be opened.
 */
export function point(state: UiState, target: Target, around: Surroundings): UiState | undefined {
  switch (target.kind) {
    case 'moment':
      return at(state, target.time, around);
    case 'battery':
      return target.device === selectedDevice(state, around.devices)
        ? undefined
        : { ...state, device: target.device };
    case 'cell':
      return target.cell === state.cell ? undefined : { ...state, cell: target.cell };
    case 'alarm':
      return target.line === state.line ? undefined : { ...state, line: target.line };
  }
}
