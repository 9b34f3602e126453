/** Why tests fail in Wine, each with a pattern of the error. The first that fits counts. */
const reasons = [
  { reason: "Wine's server crashed", errors: /^wineserver crashed$/ },
  {
    reason: 'the test starts a program of Unix',
    errors:
      /spawn(Sync)? (\S*[\\/])?(bash|sh|env|flock|ps|pgrep|mkfifo|python3|unshare|strace|cc|dash) ENOENT/,
  },
  { reason: 'the test reads /proc of Linux', errors: /'\w:\\+proc\\/ },
];

/** Returns the failures of a file: its failed tests, and an error outside of them. Each has its reason, if that is known. */
export function failuresOf({ ended, tests }) {
  const failed = tests.filter(({ state }) => state === 'failed');
  const all = [...(ended ? [{ name: '(the file)', error: ended }] : []), ...failed];
  return all.map(({ name, error }) => ({ name, error, reason: reasonOf(error) }));
}

export function unexplained(result) {
  return failuresOf(result).filter(({ reason }) => reason === undefined);
}

function reasonOf(error) {
  return reasons.find(({ errors }) => errors.test(error))?.reason;
}
