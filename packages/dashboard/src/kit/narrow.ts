/** Whether the page is as narrow as a phone, as a signal: drawings choose another measure. The style sheets use the same bound. */
import { type ReadonlySignal, signal } from '@preact/signals';

const query = matchMedia('(max-width: 639px)');
const state = signal(query.matches);
query.addEventListener('change', () => {
  state.value = query.matches;
});

export const narrow: ReadonlySignal<boolean> = state;
