import { ExternalLink } from './mrkdwn.tsx';

/** A picture that comes with the block. One from elsewhere is a link: the page loads nothing from the network. */
export function SafeImage({ url, alt }: { url: unknown; alt: string }) {
  const address = typeof url === 'string' ? url : '';
  if (/^data:image\/(?:png|jpeg|gif|webp);/i.test(address)) return <img src={address} alt={alt} />;
  return (
    <span className="image-missing">
      <span aria-hidden="true">🖼 </span>
      <ExternalLink url={address}>{alt}</ExternalLink>
    </span>
  );
}
