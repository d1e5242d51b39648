/**
 * Stamps every call of a front-desk tool with the session it comes from. MCP calls do not carry their session
 * (notes/opencode.md §3), so before each one this plugin asks the service for a stamp, single-use and bound to session and call,
 * and puts it into the arguments; the service accepts no call without one.
 *
 * Loaded by OpenCode from its path, hence plain JavaScript without dependencies.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const version = '1';

/** How long a call waits for its stamp; the service is on the same machine. */
const stampTimeoutMs = 5_000;

/**
 * @typedef {object} StampOptions
 * @property {string} url of the service's stamp endpoints, without a slash at the end
 * @property {string} token bearer token for them
 * @property {string[]} servers the MCP servers whose tools are stamped
 */

/**
 * @param {StampOptions} options
 * @param {string} path
 * @param {object} body
 * @param {AbortSignal} signal
 */
async function post(options, path, body, signal) {
  const response = await fetch(`${options.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${options.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal,
  });
  if (!response.ok) throw new Error(`the service answered ${response.status}`);
  return response;
}

/** Tells the service which file OpenCode runs. Failing is no error here: the service refuses to start without it.
 * @param {StampOptions} options */
async function hello(options) {
  try {
    const url = new URL(import.meta.url);
    const source = await readFile(fileURLToPath(`file://${url.pathname}`));
    const sha256 = createHash('sha256').update(source).digest('hex');
    await post(options, '/hello', { sha256, version }, AbortSignal.timeout(stampTimeoutMs));
  } catch (error) {
    console.error('frontdesk stamp plugin: hello failed', error);
  }
}

/**
 * @param {unknown} _input
 * @param {StampOptions} options
 */
async function server(_input, options) {
  const prefixes = options.servers.map((name) => `${name}_`);
  /** Calls that wait for their stamp. @type {Map<string, { sessionID: string, abort: AbortController }>} */
  const waiting = new Map();
  await hello(options);

  return {
    /** An abort does not end a waiting hook: OpenCode would run the tool when the hook returns (notes §7).
     * @param {{ event: { type: string, properties?: { sessionID?: string } } }} input */
    event: async ({ event }) => {
      if (event.type !== 'session.idle' && event.type !== 'session.error') return;
      for (const call of waiting.values()) {
        if (call.sessionID === event.properties?.sessionID) call.abort.abort(new Error('the turn has ended'));
      }
    },
    /**
     * @param {{ tool: string, sessionID: string, callID: string }} input
     * @param {{ args: Record<string, unknown> }} output
     */
    'tool.execute.before': async ({ tool, sessionID, callID }, output) => {
      if (!prefixes.some((prefix) => tool.startsWith(prefix))) return;
      // Changed in place: a new object would be dropped. What the model put there never stays.
      delete output.args._stamp;
      const abort = new AbortController();
      waiting.set(callID, { sessionID, abort });
      try {
        const signal = AbortSignal.any([abort.signal, AbortSignal.timeout(stampTimeoutMs)]);
        const response = await post(
          options,
          '/stamp',
          { sessionId: sessionID, callId: callID, tool },
          signal,
        );
        const { stamp } = await response.json();
        if (typeof stamp !== 'string' || stamp === '') throw new Error('the service gave no stamp');
        abort.signal.throwIfAborted();
        output.args._stamp = stamp;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(`Not executed: the front desk could not confirm this call (${reason}).`, {
          cause: error,
        });
      } finally {
        waiting.delete(callID);
      }
    },
  };
}

export default { id: 'frontdesk-stamp', server };
