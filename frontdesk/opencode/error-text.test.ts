import { describe, expect, it } from 'vitest';
import { describeTurnError } from './error-text.ts';

describe('OUT-5: the error of a turn in one readable line', () => {
  it.each([
    [
      'APIError',
      { message: 'Invalid key', statusCode: 401 },
      'The model provider answered 401: Invalid key. Check the model key.',
    ],
    [
      'APIError',
      { message: 'Slow down.', statusCode: 429 },
      'The model provider answered 429: Slow down. It is limiting requests; try again in a minute.',
    ],
    [
      'APIError',
      { message: 'Oops', statusCode: 503 },
      'The model provider answered 503: Oops. The trouble is on its side; try again later.',
    ],
    ['APIError', { message: 'no route' }, 'The model provider could not be reached: no route'],
    [
      'APIError',
      { message: '<!DOCTYPE html><html>x', statusCode: 404 },
      'The model provider answered 404: a web page instead of an answer.',
    ],
    ['ProviderAuthError', { message: 'expired' }, 'The model provider refused the key: expired'],
    [
      'ContextOverflowError',
      { message: 'too long' },
      "The conversation no longer fits the model's context: too long",
    ],
    ['MessageOutputLengthError', {}, 'The answer was longer than the model may write.'],
    ['UnknownError', { message: 'Broken\n  at stack (file:1)' }, 'Broken'],
    ['UnknownError', undefined, 'UnknownError'],
  ])('%s %j', (name, data, line) => {
    expect(describeTurnError({ name, data })).toBe(line);
  });

  it('never grows long', () => {
    expect(
      describeTurnError({ name: 'UnknownError', data: { message: 'x'.repeat(5_000) } }).length,
    ).toBeLessThanOrEqual(300);
  });
});
