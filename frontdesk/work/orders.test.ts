import { describe, expect, it } from 'vitest';
import { isOrder } from './orders.ts';

const there = ['ai-dev-api', 'ops-infra'];

describe('words in a thread where a question waits', () => {
  it.each([
    'status',
    'Status?',
    'list',
    'help',
    'stop',
    'Stop it!',
    'stop the agent, please',
    'deploy',
    'deploy it',
    'Please deploy it now',
    'can you deploy this to the lab?',
    'redeploy',
    'ok, deploy ops-infra again',
    'undeploy it',
    'test',
    'test it',
    'run the tests',
    'Run the unit tests please',
    'rerun all tests',
    'pause',
    'pause for now',
    'resume the session',
    'plug ai-dev-api in here',
    'move ai-dev-api here',
    'unplug it',
    'promote it',
    'open a pull request',
    'clean it up',
    'cleanup',
    'show me the diff',
    "what's the status?",
    'What is the status of ai-dev-api?',
    'how is it going?',
    'where does it stand',
    'logs',
    'show the logs',
    'events on',
    'turn the events off',
    'show progress',
    'list all the sessions',
  ])('“%s” is an order to the front desk', (text) => {
    expect(isOrder(text, there)).toBe(true);
  });

  it.each([
    '',
    'yes',
    'no, REST',
    'REST',
    'go on',
    'continue',
    'the second one',
    'GraphQL would be nice',
    'deploy it to staging first',
    'deploy to production',
    'deploy other-thing',
    'test the login page',
    'test it with vitest',
    'run the tests before each commit',
    'status codes as in RFC 9110',
    'stop using REST',
    'pause between two retries',
    'start with the login',
    'list them in the README',
    'move the handler to src/http',
    'logs should go to stderr',
    'show the progress bar in the header',
    'clean up the old handlers',
    'open a pull request against main only when CI is green',
    'what do you think?',
    'it should stop',
    'promote the helper to its own module',
    'help the user with a message',
  ])('issue 5: “%s” is offered as the answer', (text) => {
    expect(isOrder(text, there)).toBe(false);
  });
});
