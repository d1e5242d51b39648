import { describe, expect, it } from 'vitest';
import { createPromptIds, isPromptId, partIdOf } from './ids.ts';

describe('prompt ids', () => {
  it('AG-1: ascend within a millisecond and when the clock steps back', () => {
    const times = [1_000, 1_000, 999, 5_000, 4_000];
    const next = createPromptIds(() => times.shift() ?? 6_000);
    const ids = Array.from({ length: 6 }, next);
    const prefixes = ids.map((id) => id.slice(0, 16));
    expect(prefixes).toEqual([...prefixes].sort());
    expect(new Set(prefixes).size).toBe(6);
  });

  it('have the shape of OpenCode: msg_, 12 hex digits of time × 4096 + counter, 14 characters', () => {
    const id = createPromptIds(() => 0x19a_9c5f_1234)();
    expect(id).toMatch(/^msg_a9c5f1234001[0-9A-Za-z]{14}$/);
    expect(isPromptId(id)).toBe(true);
    expect(isPromptId('msg_1f730e3d1001HpmVb3YIlZWmLx')).toBe(false);
  });

  it('AG-1: give a repeated prompt the same part ids, in order', () => {
    const id = createPromptIds()();
    expect(partIdOf(id, 1)).toBe(partIdOf(id, 1));
    expect(partIdOf(id, 0) < partIdOf(id, 1)).toBe(true);
    expect(partIdOf(id, 0)).toMatch(/^prt_[0-9a-f]{12}[0-9A-Za-z]{14}$/);
  });
});
