import type { DeclareCommand } from './context.ts';
import { config } from './config.ts';
import { decode } from './decode.ts';
import { doctor } from './doctor.ts';
import { demo } from './demo.ts';
import { energy } from './energy.ts';
import { events } from './events.ts';
import { exporter } from './export.ts';
import { generate } from './generate.ts';
import { history } from './history.ts';
import { importer } from './import.ts';
import { info, read } from './read.ts';
import { mqtt } from './mqtt.ts';
import { push } from './push.ts';
import { record } from './record.ts';
import { replay } from './replay.ts';
import { report } from './report.ts';
import { scan } from './scan.ts';
import { settings } from './settings.ts';
import { simulate } from './simulate.ts';
import { tui } from './tui.ts';
import { watch } from './watch.ts';

/** Every command, in the order of the help. */
export const commands: readonly DeclareCommand[] = [
  scan,
  info,
  read,
  watch,
  tui,
  settings,
  events,
  energy,
  history,
  doctor,
  decode,
  record,
  replay,
  importer,
  report,
  exporter,
  push,
  mqtt,
  simulate,
  demo,
  config,
  generate,
];
