import { UsageError } from '@ubmsc/base';
import { limitToml } from './toml-limits.ts';
import { getStaticTOMLValue, ParseError, parseTOML, type AST } from 'toml-eslint-parser';

/** Where something is in a text, both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export type Path = readonly (string | number)[];

/** What a text in TOML says, and where it says so. */
export interface Toml {
  readonly value: unknown;
  /** Where the value of this path is; where the innermost table around it is, when it is missing. */
  readonly place: (path: Path) => Place;
}

/** Reads TOML. Throws a UsageError with the place of the mistake, or of what no configuration has. */
export function parseToml(text: string): Toml {
  limitToml(text);
  try {
    const ast = parseTOML(text, { tomlVersion: '1.0' });
    const places = new Map<string, Place>();
    for (const node of ast.body[0].body) addPlaces(node, [], places);
    return {
      value: getStaticTOMLValue(ast),
      place: (path) => {
        for (let length = path.length; length > 0; length--) {
          const found = places.get(JSON.stringify(path.slice(0, length)));
          if (found) return found;
        }
        return { line: 1, column: 1 };
      },
    };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const place = `${error.lineNumber}:${error.column + 1}`;
    throw new UsageError(`${place}: ${error.message}`, 'https://toml.io shows how it is written', {
      cause: error,
    });
  }
}

function addPlaces(node: AST.TOMLNode, above: Path, places: Map<string, Place>): void {
  const add = (path: Path): void => {
    const key = JSON.stringify(path);
    const { line, column } = node.loc.start;
    // It would not become a key of the value, but its prototype.
    if (path.includes('__proto__'))
      throw new UsageError(`${line}:${column + 1}: __proto__ is not a setting`, 'leave it out');
    if (!places.has(key)) places.set(key, { line, column: column + 1 });
  };
  switch (node.type) {
    case 'TOMLTable':
      add(node.resolvedKey);
      for (const entry of node.body) addPlaces(entry, node.resolvedKey, places);
      break;
    case 'TOMLKeyValue': {
      const path = node.key.keys.reduce<Path>((before, key) => {
        const longer = [...before, key.type === 'TOMLBare' ? key.name : key.value];
        add(longer);
        return longer;
      }, above);
      addPlaces(node.value, path, places);
      break;
    }
    case 'TOMLInlineTable':
      for (const entry of node.body) addPlaces(entry, above, places);
      break;
    case 'TOMLArray':
      node.elements.forEach((element, index) => addPlaces(element, [...above, index], places));
      break;
    case 'TOMLValue':
      add(above);
      break;
    default:
  }
}
