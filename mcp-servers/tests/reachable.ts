/** Whether a lab answers at all; a test run against one that does not would only be a list of failures. */

const limitMs = 5000;

/** What a proxy says in the place of an app that is not there. */
const nobodyThere = new Set([502, 503, 504]);

/** @returns null when it answers; else why not, in words */
export async function findUnreachable(url: string, signal: AbortSignal): Promise<string | null> {
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(limitMs)]),
    });
    await response.body?.cancel();
    return nobodyThere.has(response.status) ? `${url} answers ${response.status}` : null;
  } catch (error) {
    const { name, cause } = error as Error & { cause?: { code?: string } };
    // It answers, with a certificate that this machine does not know: the tests will say what they make of it.
    if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(cause?.code ?? '')) return null;
    const why =
      name === 'TimeoutError' ? `no answer within ${limitMs / 1000} s` : (cause?.code ?? 'no connection');
    return `${url} does not answer (${why})`;
  }
}
