// Finds words and phrases that a newcomer stumbles over, and says what to write instead. Part of `npm run lint`.
// Usage: node scripts/plain-words.js [FILE or FOLDER...]
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What to avoid, and what to write instead. */
const AVOIDED = [
  [/\banew\b/, 'again'],
  [/\bso (many|long)\b(?! as)/, 'say how many or how long: "this many", "for this time", "more than N"'],
  [/\bnone at all\b/, 'none'],
  [
    /(?<!\b[Tt]here )\b(is|are|was|were) no\b(?! (longer|more|less|later|earlier|further|different|other|such)\b)/,
    'is not',
  ],
  [/(?<!\b[Tt]here )\b(is|are|was|were) none\b(?! else)/, 'is not one, or say what is missing'],
  [/\bof our own\b/, 'our'],
  [/\bone behind the other\b/, 'one after the other'],
  [/\bbehind (it|them|that|this)\b/, 'after'],
  [/\blets? pass\b/, 'accepts'],
  [/\b(says?|tells?) of (itself|themselves)\b/, 'reports'],
  [/\bwhat is left\b(?! out)/, 'the rest'],
  [/\bas (often|long) as it takes\b/, 'until it works'],
  [/\b(thereof|therein|thereby|hence|whence|whereof|albeit|whilst|heretofore)\b/, 'a usual word'],
  [
    /\b(is|are|was|were|be|been|being|once|never|not|yet|ever|first|last|we|it) heard\b|\bunheard\b/,
    'received',
  ],
  [/\b(un)?believed\b|\bunbelievable\b/, 'accepted, or suspicious'],
  [/\b(borne|bears?|bearing) out\b/, 'confirms'],
  [/\b(held|holds?|holding) back\b/, 'delayed'],
  [/\bin the same breath\b/, 'in the same tick'],
  [/\bwithout a word\b/, 'silently, or say what is not told to whom'],
];

/** This list, and what holds words that are an interface of an earlier version. */
const EXEMPT = /^(scripts\/plain-words\.js|packages\/e2e\/surface\/)/;

const paths = process.argv.slice(2);
const tracked = execFileSync('git', ['ls-files', '--', ...paths], { encoding: 'utf8' }).split('\n');
const texts = tracked.filter((path) => /\.(tsx?|js|md|toml|yml|html|css)$/.test(path) && !EXEMPT.test(path));

let found = 0;
for (const path of texts) {
  for (const [index, line] of readFileSync(path, 'utf8').split('\n').entries()) {
    for (const [words, instead] of AVOIDED) {
      const match = words.exec(line);
      if (match === null) continue;
      found += 1;
      console.log(`${path}:${index + 1}: "${match[0]}": write ${instead}\n    ${line.trim().slice(0, 140)}`);
    }
  }
}
if (found > 0) {
  console.log(`${found} phrases to replace`);
  process.exitCode = 1;
}
