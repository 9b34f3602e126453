import { typeFacts, typeText } from './type-facts.mjs';

/**
 * Compares our types and methods with those of another version.
 *
 * Both sides are `{types, methods}`: schemas by their names, and of each method its direction and the schema of its
 * params. All of our types are compared; a type with a name that only one side has is compared at each place that
 * uses it. Of their methods that we lack only those under `account/` count. `known` lists the intended differences:
 * their places, each with its reason.
 */
export function compareSchemas(ours, theirs, known = {}) {
  const found = { same: [], added: [], missing: [], changed: [], newMethods: [], known: [] };
  const isShared = (name) => Object.hasOwn(ours.types, name) && Object.hasOwn(theirs.types, name);

  function report(category, place, text) {
    const reason = known[place];
    if (reason === undefined) found[category].push(place + text);
    else found.known.push(`${place}${text} (${reason})`);
  }

  function compareFacts(name, here, there) {
    const places = [...new Set([...here.keys(), ...there.keys()])];
    const different = places.filter((place) => here.get(place) !== there.get(place));
    for (const place of different.filter((place) => !different.includes(wholeOf(place)))) {
      if (!here.has(place)) report('added', place, `: ${there.get(place)}`);
      else if (!there.has(place)) report('missing', place, `: ${here.get(place)}`);
      else report('changed', place, `: ${here.get(place)} → ${there.get(place)}`);
    }
    if (different.length === 0) found.same.push(name);
  }

  for (const name of Object.keys(ours.types)) {
    if (!isShared(name)) report('missing', name, '');
    else compareFacts(name, typeFacts(name, ours.types, isShared), typeFacts(name, theirs.types, isShared));
  }

  const methodFacts = (method, { types, methods }) => {
    const { direction, params } = methods[method];
    return new Map([[method, `${direction}, params ${typeText(params, types, isShared)}`]]);
  };
  for (const method of Object.keys(ours.methods)) {
    if (!Object.hasOwn(theirs.methods, method)) report('missing', method, '');
    else compareFacts(method, methodFacts(method, ours), methodFacts(method, theirs));
  }
  for (const [method, { direction }] of Object.entries(theirs.methods)) {
    const isOurs = Object.hasOwn(ours.methods, method);
    if (!isOurs && method.startsWith('account/')) report('newMethods', method, `: ${direction}`);
  }
  return found;
}

/**
 * Returns the place that contains this one. An added or missing place is reported as a whole, without the places in
 * it.
 */
function wholeOf(place) {
  return place.slice(0, place.lastIndexOf('.'));
}
