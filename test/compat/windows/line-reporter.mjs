import fs from 'node:fs';

/**
 * A reporter of vitest that appends a line of JSON for each test as soon as it has ended, and for each file: a run that is
 * killed leaves those so far. WINE_RESULTS is the path.
 */
export default class LineReporter {
  onTestModuleStart(module) {
    append(module, { hasBegun: true });
  }

  onTestCaseResult(test) {
    const { state, errors } = test.result();
    append(test.module, {
      name: test.fullName,
      state,
      ...(state === 'failed' && { error: textOf(errors) }),
    });
  }

  onTestModuleEnd(module) {
    append(module, { hasEnded: true, error: textOf(module.errors()) || undefined });
  }

  onTestRunEnd(_modules, unhandledErrors) {
    if (unhandledErrors.length > 0) write({ error: textOf(unhandledErrors) });
  }
}

function append(module, line) {
  write({ file: module.moduleId, ...line });
}

function write(line) {
  fs.appendFileSync(process.env.WINE_RESULTS, `${JSON.stringify(line)}\n`);
}

function textOf(errors = []) {
  return errors
    .map(({ message, stack, diff }) =>
      [message || stack || 'an error without a message', diff].filter(Boolean),
    )
    .flat()
    .join('\n');
}
