import * as z from 'zod/mini';
import { described, named } from '../documented.js';
import { UsageFailure, UsageReport } from './usage-report.js';

// The output of `usage --home DIR --json`. A change that breaks readers needs version 2.

const homeMembers = {
  home: described('The folder as it was given with `--home`.', z.string()),
  label: described('The same, with `~` for the home folder of the user.', z.string()),
  sameAs: described(
    'The `home` of the first member with the same folder or account, whose values this one repeats. Null for any other member.',
    z.nullable(z.string()),
  ),
};

const UsageHomeReport = named(
  'UsageHomeReport',
  'The limits of one home.',
  z.extend(UsageReport, homeMembers),
);

const UsageHomeFailure = named(
  'UsageHomeFailure',
  'Why one home could not be read.',
  z.extend(UsageFailure, homeMembers),
);

export const UsageHomesOutput = named(
  'UsageHomesOutput',
  'The output of `usage --home DIR --json`.',
  z.object({
    version: described('The version of this format.', z.literal(1)),
    accounts: described(
      'One member for each `--home`, in their order: a failure if it has a member `error`. With `--watch`, only the homes that have changed.',
      z.array(z.union([UsageHomeReport, UsageHomeFailure])),
    ),
  }),
);
export type UsageHomesOutput = z.infer<typeof UsageHomesOutput>;
