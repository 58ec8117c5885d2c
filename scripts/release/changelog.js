// What has changed: what people wrote for users, then the subject of each commit since the version before.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root, run, version } from './project.js';

/**
 * @param {string} output
 */
export async function makeChangelog(output) {
  const written = await readFile(join(root, 'CHANGELOG.md'), 'utf8');
  const before = tagBefore();
  const range = before === undefined ? 'HEAD' : `${before}..HEAD`;
  const subjects = run('git', ['log', '--no-merges', '--format=- %s (%h)', '--abbrev=10', range]);
  const since = before === undefined ? 'All commits' : `Commits since ${before}`;
  await writeFile(join(output, 'CHANGELOG.md'), `${written}\n## ${since}\n\n${subjects}`);
}

/** The tag of the version before this one. */
function tagBefore() {
  const tags = run('git', ['tag', '--merged', 'HEAD', '--sort=-version:refname', '--list', 'v*']).split('\n');
  return tags.find((tag) => tag !== '' && tag !== `v${version}`);
}
