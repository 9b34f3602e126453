import { watchIntervalSecs } from '../domain/watch-pace.js';
import { plainFields, windowFields } from './usage-format.js';

const { least, usual, most } = watchIntervalSecs;

export const usageHelp = `Usage: codex-account-server usage [--json | --format TEXT] [--watch [--interval SECONDS]]

Shows how much of the limits is used, when they reset, and whether use is allowed.

  --json              the figures as JSON (version 1, schema/json/UsageOutput.json)
  --format TEXT       one line for status bars and prompts, with fields in braces
  --watch             stays and shows every change; Ctrl-C ends it. On a terminal it redraws,
                      else it prints anew, with --json or --format a line each
  --interval SECONDS  how often --watch reads, ${least} to ${most}; ${usual} unless given. Less often
                      while nothing moves, more often near a limit
  -h, --help          this text

Fields of --format; what is not known is written as ?:
${fieldLines(plainFields, '')}
A window is named by its length in minutes: 300 is five hours, 10080 a week.
${fieldLines(windowFields, ':300')}
Example: --format '{plan} {window:300}% {bar:10080} {resetsIn:300}'; {{ and }} are braces.

Exit codes: 0 use is allowed; 1 any other failure; 2 wrong use; 3 use is blocked;
4 the backend does not say whether it is allowed; 5 signed out. --watch ends with the
code for what it showed last.

Colours are for terminals (NO_COLOR, FORCE_COLOR), signs beyond ASCII for UTF-8 locales
(LC_ALL, LC_CTYPE, LANG); times are of the time zone TZ.
`;

function fieldLines(fields: typeof plainFields, suffix: string): string {
  return Object.entries(fields)
    .map(([name, [meaning]]) => `  ${`{${name}${suffix}}`.padEnd(18)}  ${meaning}\n`)
    .join('');
}
