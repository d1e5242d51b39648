import type { Runner } from './plan.ts';

/** Unit tests are surefire's; integration tests are failsafe's, where the build has it. */
export const maven: Runner = ({ files, texts, present }, { suite }) => {
  if (!files.includes('pom.xml')) return null;
  if (suite === 'acceptance') return null;
  if (suite === 'integration' && !/maven-failsafe-plugin/.test(texts['pom.xml'] ?? '')) return null;
  if (suite === 'unit' && !files.some((file) => /(^|\/)src\/test\//.test(file))) return null;
  const program = present.has('mvnw') ? './mvnw' : 'mvn';
  const goal = suite === 'unit' ? 'test' : 'verify';
  const folder = suite === 'unit' ? 'surefire-reports' : 'failsafe-reports';
  return {
    kind: 'run',
    runner: 'maven',
    argv: [program, '--batch-mode', '--no-transfer-progress', goal],
    shown: `${program} ${goal}`,
    env: {},
    report: { kind: 'junit-files', pattern: `**/target/${folder}/TEST-*.xml` },
    install: `\`${program} dependency:resolve\` fetches them`,
  };
};
