// Numbers of the form: exact, as whole multiples of 10^-n.

/**
 * What was typed as a number, in plain ASCII: full-width signs, the Chinese full stop, a comma
 * before one or two digits ("8,5"; with three it may group thousands) and a leading plus.
 */
function normalise(text) {
  const half = text.replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));
  const number = half.replaceAll("。", ".").replaceAll("−", "-").trim();
  return number.replace(/^([+-]?\d+),(\d{1,2})$/, "$1.$2").replace(/^\+(?=\d)/, "");
}
const fraction = (text) => (text.split(".")[1] ?? "").replace(/0+$/, "");
const places = (...numbers) => Math.max(0, ...numbers.map((number) => fraction(number).length));
const units = (text, n) => BigInt(text.split(".")[0] + fraction(text).padEnd(n, "0")); // "-0.5": BigInt("-05")
const plain = (text) => format(units(text, places(text)), places(text));

function format(number, n) {
  if (number < 0n) return `-${format(-number, n)}`;
  const digits = String(number).padStart(n + 1, "0");
  return n ? `${digits.slice(0, -n)}.${digits.slice(-n)}`.replace(/\.?0+$/, "") : digits;
}

/** The sum of decimal strings; null for none of them: nothing is not zero. */
function sum(numbers) {
  const n = places(...numbers);
  return numbers.length ? format(numbers.reduce((total, x) => total + units(x, n), 0n), n) : null;
}

/** The product of two decimal strings. */
function times(a, b) {
  const [n, m] = [places(a), places(b)];
  return format(units(a, n) * units(b, m), n + m);
}

function less(a, b) {
  const n = places(a, b);
  return units(a, n) < units(b, n);
}

/**
 * Why `text` is no score for a field, as [text key, values]; null when it is one. Where `zero` is
 * set, 0 is a score below the least one too: nothing recognised.
 */
function problemWith(text, { min, max, step, zero }) {
  const limits = { min: plain(min), max: plain(max), step: plain(step) };
  if (/^-\d+(\.\d+)?$/.test(text) && !less(min, "0")) return ["below_zero"];
  if (!/^-?\d{1,12}(\.\d{1,6})?$/.test(text)) return ["not_a_number"];
  const low = less(text, min) && !(zero && plain(text) === "0");
  if (low || less(max, text)) return [zero ? "outside_claim" : plain(min) === "0" ? "above_maximum" : "outside_range", limits];
  const n = places(text, step);
  return units(text, n) % units(step, n) ? ["off_step", limits] : null;
}
