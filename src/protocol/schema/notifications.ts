import type * as z from 'zod/mini';
import { AccountUpdatedNotification } from './account.js';
import { AccountLoginCompletedNotification } from './login.js';
import {
  AccountRateLimitsUpdatedNotification,
  AccountRateLimitsWatchFailedNotification,
} from './rate-limits.js';

/** The params of every notification that the server sends, by method. */
export const notifications = {
  'account/login/completed': AccountLoginCompletedNotification,
  'account/updated': AccountUpdatedNotification,
  'account/rateLimits/updated': AccountRateLimitsUpdatedNotification,
  'account/rateLimits/watchFailed': AccountRateLimitsWatchFailedNotification,
} as const satisfies Record<string, z.ZodMiniType>;

export type NotificationMethod = keyof typeof notifications;
export type NotificationParams<M extends NotificationMethod> = z.infer<(typeof notifications)[M]>;

/** Sends a notification. Does nothing before `initialize`, or if the client has opted out of the method. */
export type Notify = <M extends NotificationMethod>(method: M, params: NotificationParams<M>) => void;
