import type { Json } from '../store/model.ts';

/** A refusal with Slack's own error code; it becomes HTTP 200 with `ok:false`. */
export class SlackError extends Error {
  readonly code: string;
  readonly extra: Json;

  /** @param extra further fields of the answer, e.g. `needed` and `provided` */
  constructor(code: string, extra: Json = {}) {
    super(code);
    this.name = 'SlackError';
    this.code = code;
    this.extra = extra;
  }
}

/** @returns invalid_arguments as Slack words it, one message per problem. */
export function invalidArguments(...problems: string[]): SlackError {
  return new SlackError('invalid_arguments', {
    response_metadata: { messages: problems.map((problem) => `[ERROR] ${problem}`) },
  });
}
