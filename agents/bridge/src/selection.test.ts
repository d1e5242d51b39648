import { describe, expect, it } from 'vitest';
import { decideSelection, type Given, type Selection } from './selection.ts';

const select = (agent: string, modelID = 'big'): Selection => ({
  agent,
  model: { providerID: 'lab', modelID },
});
const typed = (agent: string, modelID?: string): Given => ({ ...select(agent, modelID), byService: false });
const sent = (agent: string, modelID?: string): Given => ({ ...select(agent, modelID), byService: true });
const ran = (earlier: readonly Given[], agent: string, modelID?: string) => {
  const { agent: chosen, model } = decideSelection(earlier, select(agent, modelID));
  return modelID === undefined ? chosen : `${chosen} ${model.modelID}`;
};

describe('what a typed prompt runs with', () => {
  const moved = [typed('build'), sent('builder')];

  it('WS-6: after the move what the page sends on is none chosen; the service’s agent works on', () => {
    expect(ran(moved, 'build')).toBe('builder');
    expect(ran([...moved, typed('builder'), sent('builder')], 'build')).toBe('builder');
    expect(ran(moved, 'builder')).toBe('builder');
  });

  it('WS-6: another agent is chosen on purpose, and from then on the old one, too', () => {
    expect(ran(moved, 'plan')).toBe('plan');
    expect(ran([...moved, typed('plan')], 'build')).toBe('build');
    expect(ran([...moved, typed('plan'), sent('builder')], 'build')).toBe('build');
    expect(ran([...moved, typed('plan'), typed('build')], 'builder')).toBe('builder');
  });

  it('WS-6: the model likewise, each for itself', () => {
    const earlier = [typed('build', 'small'), sent('builder', 'big')];
    expect(ran(earlier, 'build', 'small')).toBe('builder big');
    expect(ran(earlier, 'build', 'other')).toBe('builder other');
    expect(ran(earlier, 'plan', 'small')).toBe('plan big');
  });

  it('SE-3: a model changed in the chat is kept against the one that the page still sends', () => {
    const switched = [sent('builder', 'small'), typed('builder', 'small'), sent('builder', 'big')];
    expect(ran(switched, 'builder', 'small')).toBe('builder big');
    expect(ran([...switched, typed('builder', 'other')], 'builder', 'small')).toBe('builder small');
  });

  it('SE-4: where nothing was before the service, or the service is not there, what is sent is meant', () => {
    expect(ran([sent('builder')], 'build')).toBe('build');
    expect(ran([typed('build')], 'plan')).toBe('plan');
    expect(ran([], 'build')).toBe('build');
  });
});
