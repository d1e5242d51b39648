import { type ProbePoint, probePoints } from '../../mcp-servers/kit/probe.ts';

/** Where a service kills itself: at the `count`th passing (from 1) of a named point. */
export interface Kill {
  readonly point: ProbePoint;
  readonly count: number;
}

/** `point` or `point:count`. @returns undefined for anything else */
export function parseKill(text: string): Kill | undefined {
  const [name, count = '1'] = text.split(':');
  const point = probePoints.find((known) => known === name);
  return point === undefined ? undefined : { point, count: Number(count) };
}

export function renderKill({ point, count }: Kill): string {
  return `${point}:${count}`;
}
