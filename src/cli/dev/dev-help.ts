import { type ScenarioName, scenarioNames, scenarios } from '../../dev-backend/account/scenarios.js';
import { wrapped } from '../terminal/wrapped-text.js';
import { defaultScenario } from './dev-arguments.js';

const nameWidth = Math.max(...scenarioNames.map((name) => name.length));

function scenarioLines(name: ScenarioName): string {
  const first = `  ${name.padEnd(nameWidth)}  `;
  const lines = wrapped(scenarios[name].summary, 78, { first, next: ' '.repeat(first.length) });
  return lines.map((line) => `${line}\n`).join('');
}

export function devHelpText(): string {
  return `Usage: codex-account-server dev-backend [OPTIONS] [-- COMMAND [ARGUMENT…]]

Runs a backend and a login issuer on 127.0.0.1, to build clients without an
account. Creates a CODEX_HOME that points to it. Ctrl-C stops it and removes
that folder. With a COMMAND, it runs this program with the variables below,
and ends with it.

  --port N         the port (default: any free one)
  --scenario NAME  the state of the account (default: ${defaultScenario})
  --home DIR       use this folder as CODEX_HOME, and keep it
  --account NAME   an account of its own, so that several homes differ
  --log            write a line for each request to stderr
  -h, --help       show this help

The key n changes to the next scenario, and so does a request:
  curl -d scenario=NAME http://127.0.0.1:PORT/dev/scenario

Scenarios:
${scenarioNames.map(scenarioLines).join('')}
Run the line that it prints in the shell that starts your client. It sets:
  CODEX_HOME                         the folder, with a login that it accepts
  CODEX_REFRESH_TOKEN_URL_OVERRIDE   refreshes access tokens
  CODEX_REVOKE_TOKEN_URL_OVERRIDE    revokes them at logout
  CODEX_APP_SERVER_LOGIN_ISSUER      logins by browser and by device code
  CODEX_AUTHAPI_BASE_URL             looks up personal access tokens (at-…)

Its login pages ask you to allow the login. To allow a device login without a
browser, use the code and the page that it shows:
  curl -d user_code=CODE -d decision=allow PAGE

Exit codes: 0 stopped; 1 could not start; 2 wrong usage. With a COMMAND:
its own, or 128 plus the number of the signal that ended it; 126 if it cannot
be run; 127 if there is no such program.
`;
}
