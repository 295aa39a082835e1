import { ApiPropertyOptional } from '@nestjs/swagger';

const part = (description: string, example: Readonly<Record<string, unknown>>) =>
  ({ type: 'object', additionalProperties: true, nullable: true, description, example }) as const;

/** The keys of Allegro's checkout form that programs use most; every other key of it is answered too. */
export class CheckoutFormMembers {
  @ApiPropertyOptional({ description: "Allegro's id of the order.", example: '5c0d3a10-1f7e-11f0-9a41-8f3e2b7c6d55' }) id?: string;
  @ApiPropertyOptional({ type: String, nullable: true, example: 'READY_FOR_PROCESSING' }) status?: string | null;
  @ApiPropertyOptional(part('Where it was bought.', { id: 'allegro-pl' })) marketplace?: unknown;
  @ApiPropertyOptional(part('`status` is the second axis: how far the seller is.', { status: 'NEW' })) fulfillment?: unknown;
  @ApiPropertyOptional({
    oneOf: [{ type: 'object', additionalProperties: true, nullable: true }, { type: 'string' }],
    description: 'A text instead, where the buyer was erased or personal data is withheld from a key.',
    example: { login: 'invented-buyer', email: 'anna.nowak@example.com' },
  })
  buyer?: unknown;
  @ApiPropertyOptional(part('Amounts are exact decimals in text.', { totalToPay: { amount: '129.90', currency: 'PLN' } })) summary?: unknown;
  @ApiPropertyOptional(part('How and when it is paid.', { type: 'ONLINE', finishedAt: '2026-03-02T10:16:02.000Z' })) payment?: unknown;
  @ApiPropertyOptional(part('How and where to it is sent.', { method: { name: 'Allegro Paczkomaty InPost' } })) delivery?: unknown;
  @ApiPropertyOptional(part('Whether the buyer wants one, and on what address.', { required: true })) invoice?: unknown;
  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'object', additionalProperties: true },
    nullable: true,
    example: [{ id: 'l-1', offer: { id: '9001', name: 'Kubek' }, quantity: 1, price: { amount: '129.90', currency: 'PLN' } }],
  })
  lineItems?: unknown;
  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'object', additionalProperties: true },
    description: 'The parcels as Allegro last answered them, once any were read; no part of the checkout form itself.',
    example: [{ id: 'REhMOjEyMzQ=', waybill: 'AD-0000000', carrierId: 'ALLEGRO', lineItems: [{ id: 'l-1' }], createdAt: '2026-03-03T08:00:00.000Z' }],
  })
  shipments?: unknown;
}
