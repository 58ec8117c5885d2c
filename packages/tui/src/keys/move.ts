import type { ViewName } from './view-name.ts';
import { selectedDevice, type Surroundings, type UiState } from './state.ts';

/** Opens a view, from which {@link back} leads here; from the view itself it leads back. */
export function toggle(state: UiState, view: ViewName): UiState {
  return state.view === view ? back(state) : enter(state, view);
}

function enter(state: UiState, view: ViewName): UiState {
  return { ...state, view, path: [state.view, ...state.path], scroll: 0, line: 0 };
}

/** Leads back to where one came from; from the first view it ends the filter, then the pause. A paused moment stays. */
export function back(state: UiState, mode: Surroundings['mode'] = 'live'): UiState {
  const [view, ...path] = state.path;
  if (view !== undefined)
    return { ...state, view, path, scroll: 0, line: 0, cell: view === 'fleet' ? undefined : state.cell };
  if (state.filter !== '') return { ...state, filter: '' };
  return mode === 'live' ? { ...state, pausedAt: undefined } : state;
}

/** Opens the selected battery or cell. */
export function open(state: UiState, { devices, cells }: Surroundings): UiState {
  if (state.view === 'fleet' || state.view === 'compare') {
    const device = selectedDevice(state, devices);
    return device === undefined ? state : { ...enter(state, 'battery'), device, cell: undefined };
  }
  if (cells === 0) return state;
  return { ...enter(state, 'cell'), cell: Math.min(state.cell ?? 0, cells - 1) };
}

/** Moves the selection, or scrolls, by a number of lines. */
export function move(
  state: UiState,
  by: number,
  { devices, cells, alarms, page, length }: Surroundings,
): UiState {
  const limit = (value: number, count: number): number => Math.max(0, Math.min(count - 1, value));
  switch (state.view) {
    case 'fleet':
    case 'compare': {
      const index = devices.indexOf(selectedDevice(state, devices) ?? '');
      return { ...state, device: devices[limit(index + by, devices.length)] };
    }
    case 'battery':
    case 'cell':
      if (cells === 0) return state;
      // Without a selected cell, the way down leads to the first one, and the way up to the last one.
      return { ...state, cell: limit((state.cell ?? (by > 0 ? -1 : cells)) + by, cells) };
    case 'alarms':
      return { ...state, line: limit(state.line + by, alarms.length) };
    case 'events':
      return { ...state, scroll: Math.max(0, Math.min(length - page, state.scroll - by)) };
    case 'settings':
    case 'raw':
    case 'help':
      return { ...state, scroll: Math.max(0, Math.min(length - page, state.scroll + by)) };
  }
}

/** The battery before or after the selected one; after the last one comes the first. */
export function neighbour({ device }: UiState, { devices }: Surroundings, by: 1 | -1): string | undefined {
  const index = devices.indexOf(device ?? '');
  return devices[(Math.max(0, index) + by + devices.length) % devices.length] ?? device;
}
