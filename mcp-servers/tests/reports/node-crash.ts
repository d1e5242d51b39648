import { plain, type Report } from './report.ts';

const error = /^(?:Uncaught )?[A-Z]?\w*Error(?: \[\w+\])?: .+$/gm;

/**
 * Of a file that cannot be loaded, node's report says only `test failed`; why stands before it in the output.
 * @param output of node's `spec` reporter
 */
export function explainCrashes(report: Report, output: string): Report {
  const text = plain(output);
  const failures = report.failures.map(({ name, lines }) => {
    const at = lines.join('') === 'test failed' ? text.indexOf(`✖ ${name}`) : -1;
    const [why] = at === -1 ? [] : (text.slice(0, at).match(error) ?? []).slice(-1);
    return { name, lines: why === undefined ? lines : [why] };
  });
  return { ...report, failures };
}
