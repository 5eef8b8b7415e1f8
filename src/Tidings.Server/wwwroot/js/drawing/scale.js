// From values to heights, and the values worth a line.

const STEPS = [1, 2, 3, 4, 5, 6, 8, 10], DECADES_MAX = 5;

/** The least round number that is not below: round in a thousand, or in what else the units rise by. */
export function roundUp(value, thousand = 1_000) {
  if (!(value > 0)) return 1;
  const prefix = thousand ** Math.max(0, Math.floor(Math.log(value) / Math.log(thousand) + 1e-9));
  const unit = prefix * 10 ** Math.floor(Math.log10(value / prefix));
  const step = STEPS.find(one => one * unit >= value * (1 - 1e-9)) ?? 10;
  return step * unit;
}

/** From 0 to a round number that nothing exceeds. @param fixed what it ends with, if it isn't found out */
export function linear(most, fixed = null, thousand = 1_000) {
  const top = fixed ?? roundUp(most, thousand);
  return { ticks: [0, top / 2, top], of: value => value / top };
}

/** Whole powers of ten around all that there is, or the highest few; what is less stands at the foot. */
export function logarithmic(least, most) {
  const high = Math.ceil(Math.log10(most > 0 ? most : 1) - 1e-9);
  const low = Math.max(high - DECADES_MAX, Math.min(high - 1, Math.floor(Math.log10(least > 0 ? least : 1e-3) + 1e-9)));
  const stride = Math.ceil((high - low) / 3);
  const ticks = [];
  for (let power = low; power <= high; power += stride) ticks.push(10 ** power);
  return { ticks, of: value => value <= 0 ? 0 : Math.max(0, (Math.log10(value) - low) / (high - low)) };
}
