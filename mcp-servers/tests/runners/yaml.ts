/** Commands of `.frontdesk.yaml`; they go before everything that is detected. */
import { argumentsOf, frontdeskYamlName, showArguments } from '../../kit/frontdesk-yaml.ts';
import { planScript } from './npm-script.ts';
import type { Runner } from './plan.ts';
import { reportingOf } from './reporting.ts';

export const yamlCommand: Runner = (facts, { suite, reportFile }) => {
  if (!facts.yaml.ok) return { kind: 'none', runner: frontdeskYamlName, reason: facts.yaml.problem };
  const command = facts.yaml.settings.tests?.[suite];
  if (command === undefined) return null;
  if (command === false)
    return { kind: 'none', runner: frontdeskYamlName, reason: `switched off in ${frontdeskYamlName}` };
  const argv = argumentsOf(command);
  const shown = showArguments(argv);
  const [, script] = /^npm (?:run )?([\w:.-]+)$/.exec(shown) ?? [];
  if (script !== undefined && facts.package?.scripts[script] !== undefined)
    return planScript(facts, script, reportFile);
  const { runner, args, env, report } = reportingOf(shown, reportFile);
  const whole = typeof command === 'string' ? [command, ...args.map(quote)].join(' ') : null;
  const [program = '/bin/sh', ...rest] = whole === null ? [...argv, ...args] : ['/bin/sh', '-c', whole];
  return {
    kind: 'run',
    runner,
    argv: [program, ...rest],
    shown,
    env,
    report,
    install: `see what \`${shown}\` needs`,
  };
};

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
