import { describe, expect, it } from 'vitest';
import { createStamps } from './stamps.ts';

const claim = { sessionId: 'ses_1', callId: 'call_1', tool: 'slack_reply' };

describe('stamps', () => {
  it('MCP-2: a stamp names its session and call, once', () => {
    const stamps = createStamps({ now: () => 0 });
    const stamp = stamps.issue(claim);
    expect(stamps.consume(stamp, 'slack_reply')).toEqual({ sessionId: 'ses_1', callId: 'call_1' });
    expect(() => stamps.consume(stamp, 'slack_reply')).toThrow(/valid stamp/);
  });

  it('MCP-2: a forged stamp is refused', () => {
    expect(() => createStamps({ now: () => 0 }).consume('forged', 'slack_reply')).toThrow(/valid stamp/);
  });

  it('MCP-2: a stamp for one tool is refused for another, and is spent by the attempt', () => {
    const stamps = createStamps({ now: () => 0 });
    const stamp = stamps.issue(claim);
    expect(() => stamps.consume(stamp, 'slack_upload')).toThrow(/valid stamp/);
    expect(() => stamps.consume(stamp, 'slack_reply')).toThrow(/valid stamp/);
  });

  it('MCP-2: a stamp expires', () => {
    let time = 0;
    const stamps = createStamps({ now: () => time, ttlMs: 1000 });
    const stamp = stamps.issue(claim);
    time = 1000;
    expect(() => stamps.consume(stamp, 'slack_reply')).toThrow(/valid stamp/);
  });

  it('keeps no more than its limit, and drops the oldest', () => {
    const stamps = createStamps({ now: () => 0, limit: 2 });
    const [first, second, third] = [stamps.issue(claim), stamps.issue(claim), stamps.issue(claim)];
    expect(() => stamps.consume(first, claim.tool)).toThrow(/valid stamp/);
    expect(stamps.consume(second, claim.tool).sessionId).toBe('ses_1');
    expect(stamps.consume(third, claim.tool).sessionId).toBe('ses_1');
  });

  it('issues stamps that cannot be guessed from one another', () => {
    const stamps = createStamps({ now: () => 0 });
    expect(new Set(Array.from({ length: 100 }, () => stamps.issue(claim))).size).toBe(100);
    expect(stamps.issue(claim)).toMatch(/^[\w-]{32}$/);
  });
});
