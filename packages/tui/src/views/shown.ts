import type { UiState } from '../keys/state.ts';
import type { AlarmEntry } from '../model/alarm-list.ts';
import type { Past } from '../model/past.ts';
import type { Logbook } from '../model/logbooks.ts';
import type { Limits } from '../model/limits.ts';
import type { Watch, WatchedStatus } from '../model/watch.ts';
import type { DeviceSettings } from '../model/settings.ts';
import type { Line } from '../text/line.ts';
import type { Banners } from './edges.ts';
import type { Progress } from './progress.ts';
import type { SettingsFile } from './settings.ts';
import type { Scene } from './view.ts';

/** What a composition is made from. */
export interface Shown {
  readonly state: UiState;
  readonly watch: Watch;
  /** What the history has, when there is one. */
  readonly past: Past | undefined;
  readonly scene: Scene;
  /** The batteries that match the filter, in the chosen order, as they are at the moment that is shown. */
  readonly statuses: readonly WatchedStatus[];
  /** The alarms that the alarms view shows. */
  readonly alarms: readonly AlarmEntry[];
  /** The logbook of the battery whose alarms are shown. */
  readonly logbook: Logbook | undefined;
  readonly settings: (device: string) => DeviceSettings | undefined;
  /** Settings in a file, which those of batteries are compared with. */
  readonly settingsFile: SettingsFile | undefined;
  readonly limits: (device: string) => Limits;
  /** Said instead of the keys, for a moment. */
  readonly notice: Line | undefined;
  /** Text shown when there are no batteries. */
  readonly opening: string;
  /** Of a recording: what was done to it, and where in it one is, once that is known. */
  readonly recording:
    { readonly treatment: Banners['recording']; readonly progress: Progress | undefined } | undefined;
}
