// Writes the pictures of the README anew.
import { runTestFile } from '../tools/run-test-file.mjs';

process.exitCode = runTestFile('test/pictures/pictures.test.ts', { WRITE_PICTURES: '1' });
