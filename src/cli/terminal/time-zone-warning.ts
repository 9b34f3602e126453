import type { OfflineIo } from '../io.js';
import { safeLine } from '../../util/text/safe-text.js';
import { isUnknownTimeZone, timeZoneOf } from './time-zone.js';

const longestShown = 80;

/** Writes a line if TZ cannot be used, with the time zone that holds instead. */
export function warnAboutTimeZone({ env: { TZ }, stderr }: Pick<OfflineIo, 'env' | 'stderr'>): void {
  if (!isUnknownTimeZone(TZ)) return;
  const shown = safeLine(TZ ?? '').slice(0, longestShown);
  stderr.write(
    `codex-account-server: the time zone TZ=${shown} is not known, so times are in ${timeZoneOf(TZ)}. Set TZ to a name such as Europe/Berlin.\n`,
  );
}
