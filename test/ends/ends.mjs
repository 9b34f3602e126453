// Prints how the built server ends: `node test/ends/ends.mjs [--only REGEX]`, the pattern being for "END, STATE".
import { rows, runEnd } from './run-end.mjs';
import { readOptions } from '../tools/read-options.mjs';

const values = readOptions('node test/ends/ends.mjs [--only REGEX]', {
  only: { type: 'string', default: '' },
});
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
answers: received before the server was gone, of the requests sent; "shut down" of them say so.
reads, consumes: replies of the backend that the server took, of the requests that it sent.`);
process.exit(0);
