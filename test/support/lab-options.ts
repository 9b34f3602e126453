/** Whether `npm run lab` runs this test, in its long form: it prints its figures then. */
export const isLab = process.env.LAB === '1';

/** Returns an option of `npm run lab`, or what `npm test` takes. */
export function labNumber(option: string, usual: number): number {
  const given = process.env[`LAB_${option.toUpperCase()}`];
  return given === undefined ? usual : Number(given);
}

/** Returns an option of `npm run lab` that is a text, or `usual`. */
export function labText(option: string, usual: string): string {
  return process.env[`LAB_${option.toUpperCase()}`] || usual;
}

/** Returns the seed of this run. A test writes it into its name, so that a run can be repeated. */
export function labSeed(): string {
  return process.env.LAB_SEED ?? String(Date.now() % 1_000_000);
}
