// Numbers as people read them: three digits at most, and the unit that keeps them short.

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });
const plain = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const tenths = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const percents = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });

const BYTES = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

const isNone = value => value === null || value === undefined || Number.isNaN(value);

/** Where a figure isn't known. */
export const NONE = '–';

const known = format => value => isNone(value) ? NONE : format(value);

/** 0.042, 1.5, 12.3, 1.23K. */
export const amount = known(value => Math.abs(value) < 1_000 ? plain.format(value) : compact.format(value));

/** Of what is counted by the second: 0.5, 12.3, 1.23K. A tenth of one is enough to know. */
export const rate = known(value => value < 100 ? tenths.format(value) : amount(value));

/** 1,234,567: to the last one. */
export const count = known(value => whole.format(value));

export const percent = known(value => percents.format(value));

/** Of seconds: 0.12 ms, 34 ms, 1.2 s, 3 min. */
export const seconds = known(value => {
  if (value === 0) return '0 ms';
  if (value < 0.001) return `${plain.format(value * 1e6)} µs`;
  if (value < 1) return `${plain.format(value * 1_000)} ms`;
  if (value < 120) return `${plain.format(value)} s`;
  if (value < 7_200) return `${whole.format(value / 60)} min`;
  return value < 172_800 ? `${whole.format(value / 3_600)} h` : `${whole.format(value / 86_400)} days`;
});

export const bytes = known(value => {
  let step = 0;
  while (Math.abs(value) >= 1_024 && step < BYTES.length - 1) {
    value /= 1_024;
    step++;
  }
  return `${plain.format(value)} ${BYTES[step]}`;
});

const moments = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });

/** 4 May, 14:05. */
export const moment = text => moments.format(new Date(text));

/** +0.12 or −0.12: with its sign, whichever it is. */
export const signed = known(value => value > 0 ? `+${amount(value)}` : value < 0 ? `−${amount(-value)}` : '0');
