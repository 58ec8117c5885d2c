import { sanitize } from '@ubmsc/base';
import { bindingsIn } from '../keys/bindings.ts';
import type { Mode, ViewName } from '../keys/view-name.ts';
import { fit, lineWidth, span, spread, wrap, type Line } from '../text/line.ts';
import type { WatchedStatus } from '../model/watch.ts';
import { clock, duration } from '../text/numbers.ts';
import { signs } from '../text/signs.ts';
import { nameOf } from './fleet.ts';
import { heartbeat, stateWords } from './freshness.ts';
import { keyLabel } from './help.ts';
import type { Scene } from './view.ts';

/** What must not be overlooked of what is shown. */
export interface Banners {
  readonly simulated: boolean;
  /** How much earlier than the present it is, in milliseconds. */
  readonly behind: number;
  /** Of a recording, what was done to it. */
  readonly recording: { readonly redacted: boolean; readonly anonymized: boolean } | undefined;
}

/** The first line of every screen: where one is, and what must not be overlooked. */
export function header(path: readonly string[], banners: Banners, scene: Scene, width: number): Line {
  const place = ['ubmsc', ...path].flatMap((each, index): Line => [
    ...(index === 0 ? [] : [span(` ${signs.path} `, 'dim')]),
    span(each, index === path.length ? 'title' : 'dim'),
  ]);
  const { simulated, behind, recording } = banners;
  const paused: Line =
    scene.paused && !recording
      ? [span(` PAUSED at ${clock(scene.wall)}, ${duration(behind / 1000)} ago `, 'selected'), span(' ')]
      : [];
  const banner: Line = simulated ? [span(' SIMULATED ', 'banner')] : [];
  const treatment = [recording?.redacted && 'redacted', recording?.anonymized && 'anonymized'];
  const recorded: Line = recording
    ? [
        span(treatment.filter((each) => each).join(', '), 'dim'),
        span(' '),
        span(' RECORDING ', 'banner'),
        ...(simulated ? [span(' ')] : []),
      ]
    : [];
  return spread([span(' '), ...place], [...paused, ...recorded, ...banner], width);
}

/** Most lines of a sentence about a state. */
const MOST_SENTENCE = 2;

/** The lines below the header of a battery's screen: its state, how fresh its values are, and what there is to do. */
export function statusLines(status: WatchedStatus, scene: Scene, width: number): Line[] {
  const { address, adapter, rssi, name, device, cause } = status;
  const message = status.message ?? cause?.sentence;
  const where = [
    name !== undefined && name !== device ? nameOf({ ...status, device: name }) : undefined,
    address,
    adapter,
    rssi === undefined ? undefined : `${rssi} dBm`,
  ].filter((each) => each !== undefined && each !== '');
  const left: Line = [span(' '), ...stateWords(status, scene), span('  '), ...heartbeat(status, scene)];
  const right: Line = [span(`${where.join(', ')} `, 'dim')];
  const first = lineWidth(left) + lineWidth(right) > width ? fit(left, width) : spread(left, right, width);
  const sentence = message === undefined ? [] : wrap(sanitize(message), width - 2).slice(0, MOST_SENTENCE);
  return [first, ...sentence.map((line) => fit([span(` ${line}`, 'notice')], width))];
}

/** The last line of every screen: the keys that matter here, as many as there is room for. */
export function footer(view: ViewName, mode: Mode, width: number): Line {
  const shown: Line[number][] = [span(' ')];
  for (const { keys, word, footer: views } of bindingsIn(view, mode)) {
    if (views?.includes(view) !== true) continue;
    const parts = [span(keyLabel(keys[0] ?? ''), 'accent'), span(` ${word}  `, 'dim')];
    if (lineWidth(shown) + lineWidth(parts) > width) break;
    shown.push(...parts);
  }
  return fit(shown, width);
}
