/** The part of JSON Schema (2020-12) that recordings are described with. */
export type Schema =
  | { readonly const: string | number; readonly description?: string }
  | { readonly enum: readonly string[]; readonly description?: string }
  | {
      readonly type: 'string';
      readonly maxLength: number;
      readonly pattern?: string;
      readonly format?: string;
      readonly description?: string;
    }
  | {
      readonly type: 'number' | 'integer';
      readonly minimum: number;
      readonly maximum: number;
      readonly description?: string;
    }
  | { readonly type: 'boolean'; readonly description?: string }
  | {
      readonly type: 'array';
      readonly items: Schema;
      readonly maxItems: number;
      readonly description?: string;
    }
  | {
      readonly type: 'object';
      readonly properties: Readonly<Record<string, Schema>>;
      readonly required: readonly string[];
      readonly description?: string;
    };

/** What conforms to a schema. */
export type Conforming<S> = S extends { readonly const: infer C }
  ? C
  : S extends { readonly enum: readonly (infer E)[] }
    ? E
    : S extends { readonly type: 'string' }
      ? string
      : S extends { readonly type: 'number' | 'integer' }
        ? number
        : S extends { readonly type: 'boolean' }
          ? boolean
          : S extends { readonly type: 'array'; readonly items: infer I }
            ? readonly Conforming<I>[]
            : S extends { readonly properties: infer P; readonly required: readonly (infer R)[] }
              ? { readonly [K in keyof P as K extends R ? K : never]: Conforming<P[K]> } & {
                  readonly [K in keyof P as K extends R ? never : K]?: Conforming<P[K]> | undefined;
                }
              : never;

/** Whether a value of JSON conforms. Properties that the schema does not know are ignored. */
export function conforms<const S extends Schema>(schema: S, value: unknown): value is Conforming<S> {
  return nonconformity(schema, value) === undefined;
}

/** What is wrong with a value of JSON, such as `mtu must be a whole number from 23 to 517`; undefined when it conforms. */
export function nonconformity(schema: Schema, value: unknown, name = ''): string | undefined {
  const title = name === '' ? 'it' : name;
  if ('const' in schema) return value === schema.const ? undefined : `${title} must be ${schema.const}`;
  if ('enum' in schema)
    return schema.enum.some((each) => each === value)
      ? undefined
      : `${title} must be one of ${schema.enum.join(', ')}`;
  switch (schema.type) {
    case 'string':
      return typeof value === 'string' && isText(schema, value)
        ? undefined
        : `${title} must be text${schema.pattern === undefined ? '' : ` that matches ${schema.pattern}`} of at most ${schema.maxLength} characters`;
    case 'number':
    case 'integer':
      return typeof value === 'number' && isNumber(schema, value)
        ? undefined
        : `${title} must be a ${schema.type === 'integer' ? 'whole ' : ''}number from ${schema.minimum} to ${schema.maximum}`;
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `${title} must be true or false`;
    case 'array':
      if (!Array.isArray(value) || value.length > schema.maxItems)
        return `${title} must be a list of at most ${schema.maxItems}`;
      return first(value, (item, index) => nonconformity(schema.items, item, `${name}[${index}]`));
    case 'object':
      return problemOfObject(schema, value, name);
  }
}

type ObjectSchema = Extract<Schema, { type: 'object' }>;

function problemOfObject(schema: ObjectSchema, value: unknown, name: string): string | undefined {
  if (!isObject(value)) return `${name === '' ? 'it' : name} must be an object`;
  const within = (key: string): string => (name === '' ? key : `${name}.${key}`);
  const missing = schema.required.find((key) => !Object.hasOwn(value, key));
  if (missing !== undefined) return `${within(missing)} is missing`;
  return first(Object.entries(schema.properties), ([key, property]) =>
    Object.hasOwn(value, key) ? nonconformity(property, value[key], within(key)) : undefined,
  );
}

/** Whether a value of JSON is an object. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(schema: Extract<Schema, { type: 'string' }>, value: string): boolean {
  return (
    value.length <= schema.maxLength &&
    (schema.pattern === undefined || patternOf(schema.pattern).test(value))
  );
}

function isNumber(
  { type, minimum, maximum }: Extract<Schema, { type: 'number' | 'integer' }>,
  value: number,
): boolean {
  return value >= minimum && value <= maximum && (type === 'number' || Number.isInteger(value));
}

const patterns = new Map<string, RegExp>();

function patternOf(source: string): RegExp {
  const pattern = patterns.get(source) ?? new RegExp(source, 'u');
  patterns.set(source, pattern);
  return pattern;
}

function first<T>(
  items: readonly T[],
  problem: (item: T, index: number) => string | undefined,
): string | undefined {
  for (const [index, item] of items.entries()) {
    const found = problem(item, index);
    if (found !== undefined) return found;
  }
  return undefined;
}
