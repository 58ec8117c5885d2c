import { toJsonSchema } from '@valibot/to-json-schema';
import { configSchema } from './schema.ts';

/** The JSON Schema of configuration files, by which editors complete and check them. */
export function configJsonSchema(): string {
  const schema = toJsonSchema(configSchema, {
    // Whether a text is an adapter, a log filter or a URL is told only by the code that reads it.
    ignoreActions: ['raw_check'],
  });
  return `${JSON.stringify({ title: 'Configuration of ubmsc', ...schema }, null, 2)}\n`;
}
