import { expect, it } from 'vitest';
import { maskView } from './mask-view.ts';

it('OUT-3: no secret in any part of a view', () => {
  const view = {
    type: 'modal',
    blocks: [{ text: { text: 'it is hunter2' }, options: [{ value: 'hunter2' }] }],
    private_metadata: null,
    clear_on_close: true,
  };
  expect(maskView(view, (text) => text.replaceAll('hunter2', '***'))).toEqual({
    ...view,
    blocks: [{ text: { text: 'it is ***' }, options: [{ value: '***' }] }],
  });
});
