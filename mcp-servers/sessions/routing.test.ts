import { describe, expect, it } from 'vitest';
import { decideRouting } from './routing.ts';
import { defaultRoutingRules, routingRulesSchema } from './routing-rules.ts';

describe('routing', () => {
  it('SE-1: "Design authentication architecture" → architect, over 80 %, naming the keywords', () => {
    const { agent, confidence, reason } = decideRouting({ title: 'Design authentication architecture' });
    expect(agent).toBe('architect');
    expect(confidence).toBeGreaterThan(0.8);
    for (const keyword of ['design', 'authentication', 'architecture']) expect(reason).toContain(keyword);
  });

  it('SE-1: "Implement login API" → builder, over 70 %', () => {
    const { agent, confidence } = decideRouting({ title: 'Implement login API' });
    expect(agent).toBe('builder');
    expect(confidence).toBeGreaterThan(0.7);
  });

  it('SE-1: "Fix the thing" → builder, under 50 %, and says why', () => {
    const { agent, confidence, reason } = decideRouting({ title: 'Fix the thing' });
    expect(agent).toBe('builder');
    expect(confidence).toBeLessThan(0.5);
    expect(reason).toContain('insufficient context for confident routing');
  });

  it.each([
    ['architect', 'Design the event sourcing backbone'],
    ['architect', 'Architecture for multi-tenant billing'],
    ['architect', 'JWT auth'],
    ['architect', 'Add OAuth2 login with Google'],
    ['architect', 'Encrypt customer data at rest'],
    ['architect', 'Security review of the upload service'],
    ['architect', 'Fix XSS in the comment field'],
    ['architect', 'RBAC for the admin area'],
    ['architect', 'Threat model for the payment flow'],
    ['architect', 'Evaluate Kafka against NATS'],
    ['architect', 'Data model for subscriptions'],
    ['architect', 'Migration strategy to Postgres 17'],
    ['architect', 'ADR on service boundaries'],
    ['architect', 'Rotate the leaked credentials'],
    ['architect', 'Scalability of the search index'],
    ['pm', 'Business rules for refunds'],
    ['pm', 'Write user stories for onboarding'],
    ['pm', 'Acceptance criteria for checkout'],
    ['pm', 'Pricing tiers and discounts'],
    ['pm', 'Clarify the cancellation policy'],
    ['pm', 'Prioritise the backlog for Q3'],
    ['pm', 'Requirements for the partner portal'],
    ['pm', 'PRD for push notifications'],
    ['pm', 'Eligibility for free shipping'],
    ['builder', 'Implement pagination of the orders endpoint'],
    ['builder', 'Refactor the invoice parser'],
    ['builder', 'Add a CSV export button'],
    ['builder', 'Bug: crash when the cart is empty'],
    ['builder', 'Upgrade to React 19'],
    ['builder', 'Write unit tests for the tax module'],
    ['builder', 'Fix typo on the landing page'],
    ['builder', 'Remove the unused feature flag function'],
    ['builder', 'Flaky test in CI'],
    ['builder', 'Cache the product query'],
    ['builder', 'Create a CLI for imports'],
    ['builder', 'Rename the customer column'],
    ['builder', 'Improve it'],
    ['builder', 'asdf'],
    ['party-mode', 'Rethink the whole onboarding'],
    ['party-mode', 'Modernise the entire platform'],
    ['party-mode', 'Brainstorm what the next generation app could be'],
    ['party-mode', 'Not sure what is wrong, figure out everything'],
    ['party-mode', 'Overhaul our reporting somehow'],
    ['party-mode', 'New product from scratch'],
  ])('SE-1: %s ← %s', (agent, title) => {
    expect(decideRouting({ title }).agent).toBe(agent);
  });

  it('SE-1: the description helps where the title says little', () => {
    const bare = decideRouting({ title: 'Orders' });
    const told = decideRouting({
      title: 'Orders',
      description: 'Write the requirements and acceptance criteria.',
    });
    expect(bare).toMatchObject({ agent: 'builder', confidence: 0 });
    expect(told.agent).toBe('pm');
  });

  it('SE-1: a keyword is a whole word', () => {
    expect(decideRouting({ title: 'Author page' }).agent).toBe('builder');
  });

  it('SE-1: rules are data', () => {
    const rules = routingRulesSchema.parse({
      default: 'pm',
      confidentFrom: 0.5,
      rules: [{ agent: 'party-mode', topic: 'fun', weight: 3, keywords: ['c++', 'lis*'] }],
    });
    expect(decideRouting({ title: 'Learn C++ and Lisp' }, rules)).toMatchObject({
      agent: 'party-mode',
      reason: 'fun: “c++”, “lisp”',
    });
    expect(decideRouting({ title: 'Implement' }, rules).agent).toBe('pm');
    expect(routingRulesSchema.parse(defaultRoutingRules)).toEqual(defaultRoutingRules);
  });
});
