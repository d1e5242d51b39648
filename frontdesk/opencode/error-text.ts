export interface TurnError {
  readonly name: string;
  readonly data?:
    | { readonly message?: string | undefined; readonly statusCode?: number | undefined }
    | undefined;
}

const maxLength = 300;

/** One line without markup: providers and gateways answer with whole pages and stack traces. */
function oneLine(text: string): string {
  const plain = text
    .replace(/<(!doctype|html)[\s\S]*/i, 'a web page instead of an answer')
    .split('\n', 1)[0]!
    .replace(/\s+/g, ' ')
    .trim();
  return plain.length > maxLength ? `${plain.slice(0, maxLength - 1)}…` : plain;
}

function describeApiError(status: number | undefined, message: string): string {
  if (status === undefined) return `The model provider could not be reached: ${message}`;
  const hint =
    status === 401 || status === 403
      ? ' Check the model key.'
      : status === 429
        ? ' It is limiting requests; try again in a minute.'
        : status >= 500
          ? ' The trouble is on its side; try again later.'
          : '';
  return `The model provider answered ${status}: ${message}.${hint}`.replace(/\.{2,}/g, '.');
}

/** An error OpenCode stored or published, in one readable line. */
export function describeTurnError(error: TurnError): string {
  const message = oneLine(error.data?.message ?? '') || error.name;
  switch (error.name) {
    case 'APIError':
      return describeApiError(error.data?.statusCode, message);
    case 'ProviderAuthError':
      return `The model provider refused the key: ${message}`;
    case 'ContextOverflowError':
      return `The conversation no longer fits the model's context: ${message}`;
    case 'MessageOutputLengthError':
      return 'The answer was longer than the model may write.';
    case 'ContentFilterError':
      return `The model provider filtered the answer: ${message}`;
    case 'MessageAbortedError':
      return 'The turn was stopped.';
    default:
      return message;
  }
}
