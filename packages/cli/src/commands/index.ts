import type { DeclareCommand } from '../command-line/context.ts';
import { check } from './check/command.ts';
import { completion } from './completion/command.ts';
import { config } from './config/command.ts';
import { decode } from './decode/command.ts';
import { doctor } from './doctor/command.ts';
import { demo } from './demo/command.ts';
import { energy } from './energy/command.ts';
import { events } from './events/command.ts';
import { exporter } from './export/command.ts';
import { generate } from './generate/command.ts';
import { health } from './health/command.ts';
import { help } from './help/command.ts';
import { history } from './history/command.ts';
import { importer } from './import/command.ts';
import { info, read } from './read/command.ts';
import { mqtt } from './mqtt/command.ts';
import { push } from './push/command.ts';
import { record } from './record/command.ts';
import { replay } from './replay/command.ts';
import { report } from './report/command.ts';
import { scan } from './scan/command.ts';
import { service } from './service/command.ts';
import { settings } from './settings/command.ts';
import { simulate } from './simulate/command.ts';
import { tui } from './tui/command.ts';
import { watch } from './watch/command.ts';
import { web } from './web/command.ts';

/** Every command by its name, in groups, in the order of the help. */
export const commandGroups: Readonly<Record<string, Readonly<Record<string, DeclareCommand>>>> = {
  Batteries: { scan, info, read, watch, tui, settings, events, energy, history, doctor },
  Recordings: { decode, record, replay, import: importer, report },
  Services: { export: exporter, push, mqtt, web, service, check, health, config, generate },
  Simulator: { simulate, demo },
  Shell: { completion, help },
};

/** Their names. */
export const commandNames: readonly string[] = Object.values(commandGroups).flatMap(Object.keys);
