import { accountRoutes } from '../account/account-routes.js';
import type { RecordedRequest, Reply } from './exchange.js';
import { issuerRoutes } from '../issuer/issuer-routes.js';
import type { Route, RequestContext } from './route.js';
import { refusal } from './route.js';

const routes: readonly Route[] = [...accountRoutes, ...issuerRoutes];

/** Finds the route of a path. `answerRequest` checks the method. */
export function findRoute(url: string): Route | undefined {
  const path = url.replace(/\?.*$/s, '');
  return routes.find((route) => route.isPath(path));
}

/** Handles a request without a scripted reply. A consume, a refresh or a login takes effect here. */
export function answerRequest(
  route: Route | undefined,
  request: RecordedRequest,
  context: RequestContext,
): Reply {
  if (route === undefined) return refusal(404, 'Not found');
  const answer = new Map(Object.entries(route.handlers)).get(request.method);
  if (answer) return answer(request, context);
  return {
    ...refusal(405, 'Method not allowed'),
    headers: { allow: Object.keys(route.handlers).join(', ') },
  };
}
