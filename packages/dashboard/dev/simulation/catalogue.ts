/** What the fake shop sells, to whom, and which services stand behind it. */
import type { ChoicesView, SagaGraph, Tier } from '../../src/contract.ts';

export const SERVICES: readonly { readonly name: string; readonly tier: Tier }[] = [
  { name: 'payment', tier: 'critical' },
  { name: 'inventory', tier: 'critical' },
  { name: 'shipping', tier: 'critical' },
  { name: 'products', tier: 'standard' },
  { name: 'history', tier: 'standard' },
  { name: 'recommendations', tier: 'non-critical' },
  { name: 'analytics', tier: 'non-critical' },
  { name: 'partner', tier: 'non-critical' },
];

export const WORKERS: readonly string[] = ['worker-1', 'worker-2'];

export const CHOICES: ChoicesView = {
  customers: [
    ...[
      'Ada Brandt',
      'Noor Haddad',
      'Ivo Petrov',
      'Mei Tanaka',
      'Lucía Vidal',
      'Sam Okafor',
      'Elin Dahl',
      'Ravi Menon',
    ],
  ].map((name, index) => ({ customerId: `c-${1001 + index}`, name })),
  products: [
    ['Walnut desk lamp', 'Lighting', 8_900],
    ['Linen floor lamp', 'Lighting', 14_900],
    ['Enamel kettle', 'Kitchen', 5_450],
    ['Pour-over kettle', 'Kitchen', 7_200],
    ['Oak dining chair', 'Furniture', 12_900],
    ['Folding garden chair', 'Garden', 4_990],
    ['Steel water bottle', 'Travel', 2_800],
    ['Cabin suitcase', 'Travel', 18_900],
    ['Wooden train set', 'Kids', 3_650],
    ['Espresso cups, set of four', 'Kitchen', 3_200],
    ['Merino blanket', 'Textiles', 11_900],
    ['Cast-iron pan', 'Kitchen', 6_900],
  ].map(([name, category, priceCents], index) => ({
    ...{
      productId: `p-${String(index + 1).padStart(5, '0')}`,
      name: String(name),
      category: String(category),
    },
    priceCents: Number(priceCents),
  })),
};

/** Which service each task of the saga calls. */
export const SERVICE_OF: Readonly<Record<string, string>> = {
  ReservePayment: 'payment',
  ReserveInventory: 'inventory',
  CreateShipping: 'shipping',
  ConfirmOrder: 'payment',
  RecordHistory: 'history',
  RecordAnalytics: 'analytics',
  CancelShipping: 'shipping',
  ReleaseInventory: 'inventory',
  ReleasePayment: 'payment',
};

const state = (
  name: string,
  kind: SagaGraph['states'][number]['kind'],
  type: string,
  comment: string,
): SagaGraph['states'][number] => ({ name, kind, type, comment });
const next = (from: string, to: string): SagaGraph['edges'][number] => ({ from, to, on: 'next' });
const onError = (from: string, to: string, ...errors: string[]): SagaGraph['edges'][number] => ({
  from,
  to,
  on: 'error',
  errors,
});

/** The graph that the shop makes from its States Language file. */
export const SAGA: SagaGraph = {
  startAt: 'ReservePayment',
  states: [
    state('ReservePayment', 'forward', 'Task', 'Hold the money.'),
    state('ReserveInventory', 'forward', 'Task', 'Take the goods off the shelf.'),
    state('CreateShipping', 'forward', 'Task', 'Book the delivery.'),
    state('ConfirmOrder', 'forward', 'Task', 'Capture the held money.'),
    state('AnnounceOrder', 'announce', 'Parallel', 'Tell the services that only listen.'),
    state('RecordHistory', 'announce', 'Task', "The customer's order history."),
    state('RecordHistoryMissed', 'announce', 'Pass', 'Telling others must not undo a paid order.'),
    state('RecordAnalytics', 'announce', 'Task', 'Analytics and recommendations.'),
    state('RecordAnalyticsMissed', 'announce', 'Pass', 'Telling others must not undo a paid order.'),
    state('OrderConfirmed', 'end', 'Succeed', ''),
    state('CancelShipping', 'compensation', 'Task', 'Undo CreateShipping.'),
    state('ReleaseInventory', 'compensation', 'Task', 'Undo ReserveInventory.'),
    state('ReleasePayment', 'compensation', 'Task', 'Undo ReservePayment.'),
    state('OrderUndone', 'end', 'Fail', 'Nothing of the order is left.'),
    state('OrderStuck', 'end', 'Fail', 'A compensation gave up; a person must finish it.'),
  ],
  edges: [
    next('ReservePayment', 'ReserveInventory'),
    onError('ReservePayment', 'OrderUndone', 'PaymentDeclined', 'OrderInvalid'),
    onError('ReservePayment', 'ReleasePayment', 'States.ALL'),
    next('ReserveInventory', 'CreateShipping'),
    onError('ReserveInventory', 'ReleasePayment', 'InsufficientStock', 'OrderInvalid'),
    onError('ReserveInventory', 'ReleaseInventory', 'States.ALL'),
    next('CreateShipping', 'ConfirmOrder'),
    onError('CreateShipping', 'ReleaseInventory', 'DeliveryUnavailable', 'OrderInvalid'),
    onError('CreateShipping', 'CancelShipping', 'States.ALL'),
    next('ConfirmOrder', 'AnnounceOrder'),
    onError('ConfirmOrder', 'CancelShipping', 'States.ALL'),
    next('AnnounceOrder', 'OrderConfirmed'),
    next('AnnounceOrder', 'RecordHistory'),
    next('AnnounceOrder', 'RecordAnalytics'),
    onError('RecordHistory', 'RecordHistoryMissed', 'States.ALL'),
    onError('RecordAnalytics', 'RecordAnalyticsMissed', 'States.ALL'),
    next('CancelShipping', 'ReleaseInventory'),
    onError('CancelShipping', 'OrderStuck', 'States.ALL'),
    next('ReleaseInventory', 'ReleasePayment'),
    onError('ReleaseInventory', 'OrderStuck', 'States.ALL'),
    next('ReleasePayment', 'OrderUndone'),
    onError('ReleasePayment', 'OrderStuck', 'States.ALL'),
  ],
};
