/** Why tests fail in Wine, each with patterns of `file > name of the test` or of the error. The first that fits counts. */
const reasons = [];

/** Returns the known reason of a failure, or undefined. */
export function reasonOf(name, error) {
  return reasons.find(({ tests, errors }) => (!tests || tests.test(name)) && (!errors || errors.test(error)))
    ?.reason;
}
