/** Digits behind the point that are kept; amounts with more are no money. */
const DIGITS = 9;

/** A plain decimal of at most nine digits behind its point as a whole number of billionths. */
export function billionths(amount: string): bigint {
  const [whole = '', fraction = ''] = amount.split('.');
  return BigInt(whole + fraction.padEnd(DIGITS, '0'));
}

/** The inverse of {@link billionths}: two digits behind the point, more where they say something. */
export function decimalText(value: bigint): string {
  const digits = String(value < 0n ? -value : value).padStart(DIGITS + 1, '0');
  const fraction = digits.slice(-DIGITS).replace(/0{1,7}$/, '');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -DIGITS)}.${fraction}`;
}
