/** Letters, digits and dashes. All ids seen have 36 characters; the room on both sides is for ids of another shape. */
const ORDER_ID = /^[0-9A-Za-z-]{16,64}$/;

/** Whether Allegro may know an order of that id: what cannot be one is not asked for. */
export function mayBeOrderId(text: string): boolean {
  return ORDER_ID.test(text);
}
