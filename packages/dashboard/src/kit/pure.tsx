/** A row that is drawn again only when its value or its selection is another one: lists of 200 stay cheap. */
import { Component, type ComponentChildren } from 'preact';

export interface PureProps<T> {
  readonly value: T;
  readonly selected: boolean;
  readonly render: (value: T, selected: boolean) => ComponentChildren;
}

export class Pure<T> extends Component<PureProps<T>> {
  override shouldComponentUpdate(next: Readonly<PureProps<T>>): boolean {
    return next.value !== this.props.value || next.selected !== this.props.selected;
  }

  override render({ value, selected, render }: Readonly<PureProps<T>>): ComponentChildren {
    return render(value, selected);
  }
}
