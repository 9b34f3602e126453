// Runs a command with another node first on its PATH: `node test/tools/on-node.mjs 24 npm test`.
// The node is a version from the npm registry, or a path. The exit code is that of the command, and 3 if the node
// cannot be had.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { nodeIfAvailable } from '../compat/matrix/nodes.mjs';

const [wanted, command, ...words] = process.argv.slice(2);
process.exitCode = main();

function main() {
  if (command === undefined) {
    console.error('Usage: node test/tools/on-node.mjs VERSION|PATH COMMAND [ARGUMENT …]');
    return 2;
  }
  const node = nodeIfAvailable(wanted);
  if (node === undefined) return 3;
  const env = { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}` };
  const { status, error } = spawnSync(command, words, { stdio: 'inherit', env });
  if (error) console.error(`${command} cannot be started: ${error.message}`);
  return status ?? 1;
}
