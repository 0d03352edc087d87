/** Whether a list's newest entry is shown by itself; choosing an entry stops that. */
import type { VNode } from 'preact';

export function FollowButton({
  following,
  onFollow,
  what,
}: {
  readonly following: boolean;
  readonly onFollow: () => void;
  readonly what: string;
}): VNode {
  return (
    <button
      type="button"
      class="button-quiet follow"
      aria-pressed={following}
      title={`Show the newest ${what} by itself`}
      onClick={onFollow}
    >
      Follow newest
    </button>
  );
}
