import type { PermissionRequest } from '../../mcp-servers/kit/asks.ts';
import type { AskPorts } from './ports.ts';
import { ruleKey } from './request.ts';

/** What people allowed a session, so that it is not asked again. */
export interface Rules {
  allow(sessionId: string, request: PermissionRequest, by: string, once: boolean): Promise<void>;
  /** @returns who allowed it; undefined: nobody. One that was for once is used up. */
  use(sessionId: string, request: PermissionRequest): Promise<string | undefined>;
}

/** One that is for once must not wait for ever for a request that never comes. */
const mostRules = 500;

export function createRules({ rules, now }: Pick<AskPorts, 'rules' | 'now'>): Rules {
  return {
    async allow(sessionId, request, by, once) {
      const key = ruleKey(request);
      await rules.update(sessionId, (known) => {
        const others = known?.rules ?? [];
        if (others.some((rule) => rule.key === key && (!rule.once || once))) return known;
        return { rules: [...others, { key, by, once }].slice(-mostRules), at: now() };
      });
    },
    async use(sessionId, request) {
      const key = ruleKey(request);
      const known = await rules.get(sessionId);
      if (known === undefined || !known.rules.some((rule) => rule.key === key)) return undefined;
      let by: string | undefined;
      await rules.update(sessionId, (latest) => {
        const found =
          latest?.rules.find((rule) => rule.key === key && !rule.once) ??
          latest?.rules.find((rule) => rule.key === key);
        by = found?.by;
        return latest === undefined || found === undefined || !found.once
          ? latest
          : { ...latest, rules: latest.rules.filter((rule) => rule !== found) };
      });
      return by;
    },
  };
}
