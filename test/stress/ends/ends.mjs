// Prints how the built server ends: `npm run lab -- ends`.
import { rows, runEnd } from './run-end.mjs';
import { readToolOptions } from '../../lab-tools.mjs';

const values = readToolOptions('ends');
const pattern = new RegExp(values.only);

console.log('| end | state | exit | ms | answers | shut down | reads | consumes |');
console.log('| --- | --- | --- | --: | --: | --: | --: | --: |');
for (const { end, state } of rows) {
  if (!pattern.test(`${end}, ${state}`)) continue;
  const { exit, ms, answers, requests, refused, reads, consumes } = await runEnd(end, state);
  console.log(
    `| ${end} | ${state} | ${exit} | ${ms} | ${answers}/${requests} | ${refused} | ${reads} | ${consumes} |`,
  );
}
console.log(`
answers: received before the server exited, of the requests sent; "shut down": those with that error.
reads, consumes: replies of the backend that the server took, of the requests that it sent.`);
process.exit(0);
