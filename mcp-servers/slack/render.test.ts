import { describe, expect, it } from 'vitest';
import { renderMessage } from './render.ts';

describe('rendering', () => {
  it('OUT-2, OUT-6: text is a markdown block, the footer a line under the last part', () => {
    const { parts } = renderMessage({ kind: 'text', markdown: '# Title\n`x < y`', footer: 'ws ⋅ main' });
    expect(parts).toMatchInlineSnapshot(`
      [
        {
          "blocks": [
            {
              "text": "# Title
      \`x < y\`",
              "type": "markdown",
            },
            {
              "elements": [
                {
                  "emoji": true,
                  "text": "ws ⋅ main",
                  "type": "plain_text",
                },
              ],
              "type": "context",
            },
          ],
          "text": "Title
      x &lt; y",
        },
      ]
    `);
  });

  it('OUT-4: a card is title, facts and buttons, none twice in a row', () => {
    const { parts } = renderMessage({
      kind: 'card',
      card: {
        title: '🤔 Agent is thinking…',
        facts: ['edit', '12 s'],
        buttons: [
          { action: 'queue.remove', label: 'Remove', value: '1' },
          { action: 'queue.remove', label: 'Remove', value: '2', style: 'danger', confirm: 'Really?' },
        ],
      },
    });
    expect(parts).toMatchInlineSnapshot(`
      [
        {
          "blocks": [
            {
              "text": {
                "emoji": true,
                "text": "🤔 Agent is thinking…",
                "type": "plain_text",
              },
              "type": "section",
            },
            {
              "elements": [
                {
                  "emoji": true,
                  "text": "edit ⋅ 12 s",
                  "type": "plain_text",
                },
              ],
              "type": "context",
            },
            {
              "elements": [
                {
                  "action_id": "queue.remove",
                  "text": {
                    "emoji": true,
                    "text": "Remove",
                    "type": "plain_text",
                  },
                  "type": "button",
                  "value": "1",
                },
              ],
              "type": "actions",
            },
            {
              "elements": [
                {
                  "action_id": "queue.remove",
                  "confirm": {
                    "confirm": {
                      "emoji": true,
                      "text": "Remove",
                      "type": "plain_text",
                    },
                    "deny": {
                      "emoji": true,
                      "text": "Cancel",
                      "type": "plain_text",
                    },
                    "text": {
                      "emoji": true,
                      "text": "Really?",
                      "type": "plain_text",
                    },
                    "title": {
                      "emoji": true,
                      "text": "Are you sure?",
                      "type": "plain_text",
                    },
                  },
                  "style": "danger",
                  "text": {
                    "emoji": true,
                    "text": "Remove",
                    "type": "plain_text",
                  },
                  "type": "button",
                  "value": "2",
                },
              ],
              "type": "actions",
            },
          ],
          "text": "🤔 Agent is thinking… ⋅ edit ⋅ 12 s",
        },
      ]
    `);
  });

  it("MCP-4: an agent's buttons never carry an action of ours", () => {
    const button = (action_id: string) => ({
      type: 'button',
      action_id,
      text: { type: 'plain_text', text: 'x' },
    });
    const elements = [button('turn.stop'), button('turn.stop'), button('agent.own')];
    const { parts } = renderMessage({ kind: 'blocks', blocks: [{ type: 'actions', elements }], text: 'x' });
    const [block] = parts[0]?.blocks ?? [];
    expect(block?.['elements']).toMatchObject([
      { action_id: 'agent.turn.stop' },
      { action_id: 'agent.turn.stop.1' },
      { action_id: 'agent.own' },
    ]);
  });

  it('MCP-4: blocks that do not fit are said in their words', () => {
    const { parts } = renderMessage({ kind: 'blocks', blocks: [{ type: 'nonsense' }], text: 'in words' });
    expect(parts[0]?.blocks).toEqual([{ type: 'markdown', text: 'in words' }]);
  });

  it('OUT-2: every part stays within what Slack takes', () => {
    const markdown = `${'x'.repeat(80)} `.repeat(300);
    const { parts, file } = renderMessage({ kind: 'text', markdown, footer: 'f'.repeat(5000) });
    expect(file).toBeUndefined();
    expect(parts).toHaveLength(3);
    for (const { text, blocks } of parts) {
      expect(text.length).toBeLessThan(4000);
      expect(JSON.stringify(blocks).length).toBeLessThan(12_000);
    }
  });

  it('OUT-2: more than three parts become the first and a file', () => {
    const markdown = `${'x'.repeat(80)} `.repeat(600);
    const { parts, file } = renderMessage({ kind: 'text', markdown });
    expect(parts).toHaveLength(1);
    expect(file).toBe(markdown);
  });

  it('never posts nothing', () => {
    expect(renderMessage({ kind: 'text', markdown: ' ' }).parts[0]?.blocks).toEqual([
      { type: 'markdown', text: '…' },
    ]);
  });
});
