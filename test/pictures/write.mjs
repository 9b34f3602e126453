// Writes the pictures of the pages again.
import { runTestFile } from '../tools/run-test-file.mjs';

process.exitCode = runTestFile('test/pictures/pictures.test.ts', { WRITE_PICTURES: '1' });
