import type { VariantLayouts } from '../layout.ts';
import { jk02_24s } from './jk02-24s/index.ts';
import { jk02_32s } from './jk02-32s/index.ts';
import { jk04 } from './jk04/index.ts';

/** The families of firmware that lay their records out differently, one folder each (reference, section 4). */
export const layouts = {
  jk04,
  'jk02-24s': jk02_24s,
  'jk02-32s': jk02_32s,
} as const satisfies Readonly<Record<string, VariantLayouts>>;

/** One of the forms that records of JK devices have. */
export type Variant = keyof typeof layouts;

/** All of them, in the order of the table. */
export const variants: readonly Variant[] = Object.keys(layouts).filter(isVariant);

function isVariant(name: string): name is Variant {
  return Object.hasOwn(layouts, name);
}

/** Something for each variant, made when it is first asked for: most programs meet one variant. */
export function ofVariants<T>(make: (variant: Variant) => T): Readonly<Record<Variant, T>> {
  const made = {};
  for (const variant of variants) {
    Object.defineProperty(made, variant, {
      enumerable: true,
      configurable: true,
      get: () => {
        const value = make(variant);
        Object.defineProperty(made, variant, { value });
        return value;
      },
    });
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it has every variant
  return made as Record<Variant, T>;
}
