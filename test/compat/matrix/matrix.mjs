// Prints a table of the checks on each node: `npm run lab -- matrix`.
//   --node 22.1.0   another version, `22` for the newest of a line, or the path of a node; may be repeated
//   --only REGEX    the checks whose names match
// The exit code is 1 if a check failed, and 3 if all passed but a node cannot be had.
import { startDevBackendProcess } from '../../support/processes/dev-backend-process.mjs';
import { readToolOptions } from '../../lab-tools.mjs';
import { checks } from './checks.mjs';
import { nodeIfAvailable, versionOf } from './nodes.mjs';

const values = readToolOptions('matrix');
const chosen = Object.entries(checks).filter(([name]) => new RegExp(values.only).test(name));
if (chosen.length === 0) {
  console.error(`No check is called ${values.only}. There are: ${Object.keys(checks).join(', ')}`);
  process.exit(2);
}
const nodes = values.node.map(nodeIfAvailable);
const backend = await startDevBackendProcess('fresh');
const failures = [];

const row = (cells) => console.log(`| ${cells.join(' | ')} |`);
row(['node', ...chosen.map(([name]) => name)]);
row(['---', ...chosen.map(() => '---:')]);
for (const node of nodes.filter((node) => node !== undefined)) {
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
if (failures.length > 0) process.exitCode = 1;
else if (nodes.includes(undefined)) process.exitCode = 3;
