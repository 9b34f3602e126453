import { type ScenarioName, scenarioNames, scenarios } from '../account/scenarios.js';
import type { RecordedRequest, Reply } from './exchange.js';
import { formFields, jsonFields } from './request-fields.js';
import { refusal } from './route.js';

/** The parts of the backend that a request to it can read and change. */
export interface Control {
  readonly scenario: ScenarioName;
  setScenario(name: ScenarioName): void;
}

const path = '/dev/scenario';

/**
 * Answers a request about the backend itself: GET returns the scenario and all that there are, POST sets it. The field
 * `scenario` is in JSON or in a form. Undefined for a request that is for the account or the issuer.
 */
export function answerControl(request: RecordedRequest, control: Control): Reply | undefined {
  if (request.url !== path) return undefined;
  if (request.method === 'GET') return { body: { scenario: control.scenario, scenarios: summaries } };
  if (request.method !== 'POST') {
    return { ...refusal(405, 'Method not allowed'), headers: { allow: 'GET, POST' } };
  }
  const { scenario: asked } = jsonFields(request) ?? formFields(request);
  const name = scenarioNames.find((known) => known === asked);
  if (name === undefined) return refusal(422, `scenario must be one of ${scenarioNames.join(', ')}`);
  control.setScenario(name);
  return { body: { scenario: name } };
}

const summaries = Object.fromEntries(scenarioNames.map((name) => [name, scenarios[name].summary]));
