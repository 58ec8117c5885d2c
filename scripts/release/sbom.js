// The bill of materials, CycloneDX: what npm knows of the packages that are shipped.
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commit, epoch, packages, readJson, run, version } from './project.js';

/** @typedef {{ name: string, version: string, group?: string, 'bom-ref': string }} Component */

/**
 * @param {string} output
 */
export async function makeSbom(output) {
  const bom = JSON.parse(
    run('npm', ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only', '--workspaces']),
  );
  const shipped = new Set([
    ...readJson('packages/cli/dist/third-party.json').map(title),
    ...packages.map(({ manifest }) => title(manifest)),
  ]);
  /** @type {Component[]} */
  const components = bom.components.filter((/** @type {Component} */ each) =>
    shipped.has(title({ ...each, name: each.group ? `${each.group}/${each.name}` : each.name })),
  );
  components.sort((a, b) => (a['bom-ref'] < b['bom-ref'] ? -1 : 1));
  const references = new Set(components.map((each) => each['bom-ref']));
  const dependencies = bom.dependencies
    .filter((/** @type {{ ref: string }} */ { ref }) => references.has(ref))
    .map((/** @type {{ ref: string, dependsOn: string[] }} */ { ref, dependsOn }) => ({
      ref,
      dependsOn: dependsOn.filter((each) => references.has(each)).toSorted(),
    }));
  const { metadata } = bom;
  const id = createHash('sha256').update(`ubmsc ${version} ${commit}`).digest('hex');
  const result = {
    ...bom,
    serialNumber: `urn:uuid:${id.slice(0, 8)}-${id.slice(8, 12)}-5${id.slice(13, 16)}-8${id.slice(17, 20)}-${id.slice(20, 32)}`,
    // npm calls the project as its folder.
    metadata: {
      ...metadata,
      timestamp: new Date(epoch * 1000).toISOString(),
      component: { ...metadata.component, name: 'ubmsc' },
    },
    components,
    dependencies,
  };
  await writeFile(join(output, `ubmsc-${version}.cdx.json`), `${JSON.stringify(result, null, 2)}\n`);
}

/** @param {{ name: string, version: string }} each */
function title({ name, version: its }) {
  return `${name}@${its}`;
}
