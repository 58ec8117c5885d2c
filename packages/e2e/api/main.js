// Writes docs/api from the docstrings of what the packages export. Fails where an export has none.
import { fileURLToPath } from 'node:url';
import { Application, TSConfigReader, TypeDocReader } from 'typedoc';

const options = fileURLToPath(new URL('typedoc.json', import.meta.url));
const app = await Application.bootstrapWithPlugins({ options }, [new TypeDocReader(), new TSConfigReader()]);
const project = await app.convert();
if (!project) process.exit(1);
app.validate(project);

/** Whether an export has a docstring; that of a function is with its signature. */
const isDocumented = (reflection) =>
  reflection.isReference() ||
  [reflection, ...(reflection.signatures ?? [])].some((each) => each.hasComment());

const bare = (project.children ?? []).flatMap((module) =>
  (module.children ?? [])
    .filter((each) => !isDocumented(each))
    .map((each) => `${each.name} of ${module.name} has no docstring: ${each.sources?.[0]?.fileName}`),
);
for (const each of bare) console.error(each);
await app.generateOutputs(project);
process.exitCode = bare.length > 0 || app.logger.hasErrors() ? 1 : 0;
