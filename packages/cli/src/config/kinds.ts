import { topologies } from '@ubmsc/energy';
import { parseBrokerUrl } from '@ubmsc/mqtt';
import { parseAdapter, splitAdapters } from '@ubmsc/client';
import { UsageError } from '@ubmsc/base';
import { variants } from '@ubmsc/protocol';
import * as v from 'valibot';
import {
  graphStyles,
  LONGEST,
  metricPrefix,
  mqttFormats,
  mqttVersions,
  themes,
  topicPrefix,
  pushOrders,
  pushProtocols,
} from '../command-line/options.ts';
import type { Kinds } from '../command-line/option-row.ts';
import { formats } from '../formats/index.ts';
import { parseLogFilter } from '../log-filter.ts';
import { logFormats } from '../log-format.ts';

const text = v.pipe(v.string('it must be text'), v.nonEmpty('it is empty'));

const httpUrl = v.pipe(text, accepted(parseHttpUrl));

/** What a value of each kind must be in a configuration file. */
export const kinds = {
  flag: v.boolean('it must be true or false'),
  text,
  file: text,
  filter: v.pipe(text, accepted(parseLogFilter)),
  logFormat: oneOf(logFormats),
  adapter: v.pipe(
    text,
    accepted((specs) => splitAdapters(specs).forEach(parseAdapter)),
  ),
  url: httpUrl,
  urls: v.union([httpUrl, v.array(httpUrl)], 'it must be a URL, or a list of URLs'),
  protocol: oneOf(pushProtocols),
  order: oneOf(pushOrders),
  percent: v.pipe(
    v.number('it must be a percentage'),
    v.gtValue(0, 'it must be more than 0'),
    v.maxValue(100, 'it must be at most 100'),
  ),
  seconds: v.pipe(
    v.number('it must be a number of seconds'),
    v.gtValue(0, 'it must be more than 0'),
    v.maxValue(LONGEST, `it must be at most ${LONGEST}`),
  ),
  count: v.pipe(
    v.number('it must be a whole number'),
    v.safeInteger('it must be a whole number'),
    v.minValue(1, 'it must be at least 1'),
  ),
  format: v.picklist(
    Object.entries(formats).flatMap(([name, { alias }]) => (alias ? [name, alias] : [name])),
    `it must be one of ${Object.keys(formats).join(', ')}`,
  ),
  list: v.array(text, 'it must be a list of texts'),
  variant: oneOf(variants),
  topology: oneOf(topologies),
  theme: oneOf(themes),
  graph: oneOf(graphStyles),
  broker: v.pipe(text, accepted(parseBrokerUrl)),
  mqttVersion: oneOf(mqttVersions),
  mqttFormat: oneOf(mqttFormats),
  topic: v.pipe(
    v.string('it must be text'),
    v.regex(topicPrefix, 'it is a part of a topic, such as ubmsc or home/batteries'),
  ),
  prefix: v.pipe(
    v.string('it must be text'),
    v.regex(metricPrefix, 'it has letters, digits, _ and :, and does not begin with a digit'),
  ),
} satisfies Readonly<Record<keyof Kinds | 'flag' | 'topology', v.GenericSchema>>;

function oneOf<const Values extends readonly string[]>(values: Values): v.PicklistSchema<Values, string> {
  return v.picklist(values, `it must be one of ${values.join(', ')}`);
}

/** Whatever `parse` takes without a UsageError. */
function accepted(parse: (text: string) => unknown): v.RawCheckAction<string> {
  return v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    try {
      parse(dataset.value);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      addIssue({ message: `${error.message}; ${error.hint}` });
    }
  });
}

function parseHttpUrl(url: string): void {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new UsageError(`${JSON.stringify(url)} is not a URL`, 'write it as http://127.0.0.1:9889/metrics');
  }
}
