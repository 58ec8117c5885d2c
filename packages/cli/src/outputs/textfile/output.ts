import { keepTextfile } from '@ubmsc/exporter';
import type { GeneralOptions } from '../../command-line/general-options.ts';
import { logLine } from '../log-line.ts';
import type { Output } from '../output.ts';
import type { TextfileOptions } from './options.ts';

/** Writes metrics to a file for node_exporter. */
export const textfile: Output<GeneralOptions & TextfileOptions> = {
  isWanted: (options) => options.textfile !== undefined,
  prepare: async ({ options }) => {
    const { textfile: file = '', scrapeInterval } = options;
    return async ({ subject, metrics }) => {
      // node_exporter has metrics of its own process under the same names, and refuses a second set.
      const exporter = metrics(false);
      const interval = scrapeInterval * 1000;
      const kept = await keepTextfile({ file, page: () => exporter.page(), interval, log: logLine });
      return {
        announcement: `metrics of ${subject} are written to ${file}`,
        target: file,
        [Symbol.asyncDispose]: async () => await kept[Symbol.asyncDispose](),
      };
    };
  },
};
