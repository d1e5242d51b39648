/** What is not drawn here: its JSON, rather than nothing. */
export function RawBlock({ value, what }: { value: unknown; what: string }) {
  return (
    <details className="raw-block">
      <summary>{what}: not drawn here, as JSON</summary>
      <pre tabIndex={0}>{JSON.stringify(value, null, 2)}</pre>
    </details>
  );
}
