import { memo } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { ExternalLink } from './mrkdwn.tsx';

const plugins = [remarkGfm];

const components: Components = {
  a: ({ href, children }) => <ExternalLink url={href ?? ''}>{children}</ExternalLink>,
  // Slack shows the address of a picture, not the picture; and nothing is loaded from elsewhere.
  img: ({ src, alt }) => <ExternalLink url={src ?? ''}>{alt || 'picture'}</ExternalLink>,
  table: ({ children }) => (
    // A wide table is scrolled, with the keyboard, too.
    <div className="table-scroll" tabIndex={0} role="region" aria-label="Table">
      <table>{children}</table>
    </div>
  ),
  input: ({ checked }) => (
    <span aria-label={checked ? 'done' : 'to do'} role="img">
      {checked ? '☑' : '☐'}
    </span>
  ),
  h1: ({ children }) => (
    <p role="heading" aria-level={3} className="md-heading md-heading-1">
      {children}
    </p>
  ),
  h2: ({ children }) => (
    <p role="heading" aria-level={3} className="md-heading md-heading-2">
      {children}
    </p>
  ),
  h3: ({ children }) => (
    <p role="heading" aria-level={3} className="md-heading">
      {children}
    </p>
  ),
  h4: ({ children }) => (
    <p role="heading" aria-level={3} className="md-heading">
      {children}
    </p>
  ),
  h5: ({ children }) => (
    <p role="heading" aria-level={3} className="md-heading">
      {children}
    </p>
  ),
  h6: ({ children }) => (
    <p role="heading" aria-level={3} className="md-heading">
      {children}
    </p>
  ),
};

/** Standard Markdown with tables and task lists; HTML in it stays text. */
export const Markdown = memo(function Markdown({ text }: { text: string }) {
  return (
    <div className="markdown">
      <ReactMarkdown remarkPlugins={plugins} components={components}>
        {text}
      </ReactMarkdown>
    </div>
  );
});
