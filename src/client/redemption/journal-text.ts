import { anything, array, number, object, optional, readJsonText, tryRead } from '../../util/json/reading.js';
import { RedemptionError } from '../record/error.js';
import { consent, type RedemptionConsent } from '../record/consent.js';
import { isCertainlyEnded, type Redemption, redemption } from '../record/redemption.js';

/** The content of a journal. */
export interface JournalContent {
  /** The number of the last change. Each change of the state of an attempt counts. */
  readonly sequence: number;
  /** All attempts, the oldest first. */
  readonly redemptions: readonly Redemption[];
  /** The consents to rules, the oldest first. */
  readonly consents: readonly RedemptionConsent[];
  /** Entries that cannot be read and are certainly not open, as they were found. */
  readonly setAside: readonly unknown[];
}

export const emptyJournal: JournalContent = { sequence: 0, redemptions: [], consents: [], setAside: [] };

/**
 * Format 3 has the states `settled` and `reverted`, which readers of format 2 cannot judge. Format 4 has consents, which
 * readers of format 3 would drop. It is written only if there are any.
 */
const versions = { usual: 3, withConsents: 4 } as const;
const currentVersion = versions.withConsents;

export function journalText({ sequence, redemptions, consents, setAside }: JournalContent): string {
  const document = {
    version: consents.length > 0 ? versions.withConsents : versions.usual,
    sequence,
    redemptions,
    ...(consents.length > 0 && { consents }),
    ...(setAside.length > 0 && { setAside }),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

const head = object({ version: number });
const document = object({
  sequence: optional(number),
  redemptions: array(anything),
  consents: optional(array(anything)),
  setAside: optional(array(anything)),
});

/**
 * Reads the text of a journal. An entry that cannot be read is set aside if it is certainly not an open attempt.
 *
 * @param path for the message
 * @throws RedemptionError `journalInvalid`, `journalNewer`
 */
export function journalFromText(text: string, path: string): JournalContent {
  const version = readJsonText(head, text)?.version ?? 0;
  if (version > currentVersion) {
    const message = `${path} was written by a newer version of codex-account-server (format ${version})`;
    throw new RedemptionError('journalNewer', message);
  }
  const found = version >= 1 ? readJsonText(document, text) : undefined;
  if (!found || (version > 1 && found.sequence === undefined)) throw broken(path);
  const redemptions: Redemption[] = [];
  const setAside = [...(found.setAside ?? [])];
  for (const [index, entry] of found.redemptions.entries()) {
    const read = tryRead(redemption, entry);
    if (!read.isRead && !isCertainlyEnded(entry)) throw broken(path);
    // Format 1 has no numbers: the order of the attempts is that of their outcomes.
    if (read.isRead) redemptions.push(version === 1 ? { ...read.data, sequence: index + 1 } : read.data);
    else setAside.push(entry);
  }
  return {
    sequence: found.sequence ?? found.redemptions.length,
    redemptions,
    consents: readableConsents(found.consents ?? []),
    setAside,
  };
}

/** Reads the consents. One that cannot be read permits nothing, and is left out. */
function readableConsents(entries: readonly unknown[]): RedemptionConsent[] {
  return entries.flatMap((entry) => {
    const read = tryRead(consent, entry);
    return read.isRead ? [read.data] : [];
  });
}

function broken(path: string): RedemptionError {
  const advice = 'it may contain an open attempt; move it away once you know that none is open';
  return new RedemptionError('journalInvalid', `${path} is broken: ${advice}`);
}
