// From values to heights, and the values worth a line.

const STEPS = [1, 2, 4, 6, 8, 10];

/** The least round number that is not below: so that half of it is round as well. */
export function roundUp(value) {
  if (!(value > 0)) return 1;
  const unit = 10 ** Math.floor(Math.log10(value));
  const step = STEPS.find(one => one * unit >= value * (1 - 1e-9)) ?? 10;
  return step * unit;
}

/** From 0 to a round number that nothing exceeds. @param fixed what it ends with, if it isn't found out */
export function linear(most, fixed = null) {
  const top = fixed ?? roundUp(most);
  return { ticks: [0, top / 2, top], of: value => value / top };
}

/** Whole powers of ten around all that there is; what is less stands at the foot. */
export function logarithmic(least, most) {
  const low = Math.floor(Math.log10(least > 0 ? least : 1e-3) + 1e-9);
  const high = Math.max(low + 1, Math.ceil(Math.log10(most > 0 ? most : 1) - 1e-9));
  const stride = Math.ceil((high - low) / 3);
  const ticks = [];
  for (let power = low; power <= high; power += stride) ticks.push(10 ** power);
  return { ticks, of: value => value > 0 ? Math.max(0, (Math.log10(value) - low) / (high - low)) : 0 };
}
