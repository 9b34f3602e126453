// A table of what works on which node: `npm run matrix`, on the versions of `nodes.mjs`.
//   --node 22.1.0   another version, `22` for the newest of a line, or the path of a node; again for more
//   --only REGEX    the checks whose names match
import { startDevBackendProcess } from '../support/dev-backend-process.mjs';
import { checks } from './checks.mjs';
import { nodePath, versionOf, versions } from './nodes.mjs';
import { readOptions } from '../tools/read-options.mjs';

const values = readOptions('npm run matrix -- [--node VERSION|PATH] [--only REGEX]', {
  node: { type: 'string', multiple: true, default: versions },
  only: { type: 'string', default: '' },
});
const chosen = Object.entries(checks).filter(([name]) => new RegExp(values.only).test(name));
const nodes = values.node.map(nodePath);
const backend = await startDevBackendProcess('fresh');
const failures = [];

const row = (cells) => console.log(`| ${cells.join(' | ')} |`);
row(['node', ...chosen.map(([name]) => name)]);
row(['---', ...chosen.map(() => '---:')]);
for (const node of nodes) {
  const version = versionOf(node);
  const cells = chosen.map(([name, check]) => {
    const { cell, output } = check(node, backend);
    if (output !== undefined) failures.push({ version, name, output });
    return cell;
  });
  row([version, ...cells]);
}
await backend.close();
for (const { version, name, output } of failures) console.log(`\nFAILED on ${version}: ${name}\n${output}`);
process.exitCode = failures.length > 0 ? 1 : 0;
