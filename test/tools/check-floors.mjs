// Checks the imports of src against .dependency-cruiser.cjs. Unlike `depcruise`, it fails if it finds no module.
import { fileURLToPath } from 'node:url';

import { cruise } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config';

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));

const options = await extractOptions('./.dependency-cruiser.cjs');
const { output } = await cruise(['src'], options, undefined, { tsConfig: extractTsConfig('tsconfig.json') });

const moduleCount = output.modules.filter(({ source }) => source.startsWith('src/')).length;
for (const { rule, from, to, cycle, via } of output.summary.violations) {
  const path = (cycle ?? via ?? []).map(({ name }) => name);
  console.error([`${rule.name}: ${from}`, ...(path.length > 0 ? path : [to])].join(' → '));
}
const violationCount = output.summary.violations.length;
console.log(`floors: ${moduleCount} modules, ${violationCount} violations`);
if (moduleCount === 0 || violationCount > 0) process.exitCode = 1;
