/** The comments that ESLint acts on, except `eslint-enable`. `rest` holds the rule names and the reason. */
const directives = {
  Line: /^\s*eslint-disable-(?:next-)?line(?![\w-])(?<rest>.*)/s,
  Block: /^\s*eslint(?:-disable(?:-(?:next-)?line)?)?(?![\w-])(?<rest>.*)/s,
};

/**
 * Requires a comment that disables lint rules to name them and give a reason:
 * `eslint-disable-next-line rule -- reason`.
 *
 * @type {import('eslint').Rule.RuleModule}
 */
export const suppressionReason = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: {
      names: 'Name the rules to switch off.',
      reason: 'Add the reason: `-- because …`.',
    },
  },
  create(context) {
    return {
      Program() {
        for (const comment of context.sourceCode.getAllComments()) {
          const rest = directives[comment.type]?.exec(comment.value)?.groups.rest;
          if (rest === undefined) continue;
          const [names, reason = ''] = rest.split(/\s--\s/);
          // Reports before the column from which the directive acts, or the comment would suppress this report, too.
          const loc = { start: { line: comment.loc.start.line, column: -1 }, end: comment.loc.end };
          if (names.trim() === '') context.report({ loc, messageId: 'names' });
          if (reason.trim() === '') context.report({ loc, messageId: 'reason' });
        }
      },
    };
  },
};
