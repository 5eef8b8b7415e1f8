import { timePlot } from '../../drawing/plot.js';
import { amount, bytes, percent, rate, seconds } from '../../figures.js';

// What is plotted of a sample, and how.

/** Seconds in which nobody may happen to read or to publish, and a line goes on all the same. */
const QUIET = 10;

const bySecond = pick => sample => pick(sample.counts) / sample.seconds;
/** Some is known to the millisecond only: what is less is one. */
const inSeconds = (milliseconds, least) => milliseconds === null ? null : Math.max(milliseconds, least) / 1_000;
const share = (part, whole) => whole > 0 ? part / whole : null;

const percentiles = (pick, least) => [
  { label: 'half', of: sample => inSeconds(pick(sample).p50_ms, least) },
  { label: '95%', of: sample => inSeconds(pick(sample).p95_ms, least) },
  { label: '99%', of: sample => inSeconds(pick(sample).p99_ms, least) },
];

const latency = (title, note, pick, least = 0) => ({ title, note, lines: percentiles(pick, least), format: seconds, kind: 'band', scale: 'logarithmic', gap: QUIET });

const cache = name => sample => {
  const found = sample.caches.find(one => one.name === name);
  return found ? share(found.hits, found.hits + found.misses) : null;
};

const unranked = sample => Object.values(sample.quality.unranked).reduce((sum, pages) => sum + pages, 0);
const pages = sample => sample.quality.full + unranked(sample);

const WORK = [
  { title: 'Posts', note: 'a second', lines: [{ label: 'published', of: bySecond(counts => counts.posts) }], format: rate },
  { title: 'Engagements', note: 'a second', lines: [{ label: 'likes, comments, shares, hides', of: bySecond(counts => counts.engagements) }], format: rate },
  { title: 'Deliveries', note: 'a second', lines: [{ label: 'into inboxes', of: bySecond(counts => counts.deliveries) }], format: rate },
  {
    title: 'Feed pages', note: 'a second', format: rate,
    lines: [{ label: 'ranked', of: bySecond(counts => counts.feeds_ranked) }, { label: 'latest', of: bySecond(counts => counts.feeds_latest) }],
  },
  { title: 'Requests', note: 'a second', lines: [{ label: 'answered', of: bySecond(counts => counts.requests) }], format: rate },
  {
    title: 'Requests refused', note: 'a second', format: rate,
    lines: [
      { label: 'failed (5xx)', of: bySecond(counts => counts.failed) }, { label: 'refused (4xx)', of: bySecond(counts => counts.refused) },
      { label: 'over a limit (429)', of: bySecond(counts => counts.limited) },
    ],
  },
];

const TIMES = [
  latency('Reading a feed', 'in the engine', sample => sample.latency.feed),
  latency('Publishing', 'to the disk’s word', sample => sample.latency.publish),
  latency('Any request', 'over HTTP', sample => sample.latency.http),
];

const FAN_OUT = [
  latency('Lag', 'commit to last delivery', sample => sample.fan_out.lag, 1),
  {
    title: 'What waits', note: 'by its age', kind: 'stack', isRamp: true, format: amount,
    lines: ['< 10 ms', '< 100 ms', '< 1 s', '< 10 s', 'older'].map((label, age) => ({ label, of: sample => sample.fan_out.waiting[age]?.jobs ?? null })),
  },
  {
    title: 'Backlog', note: 'events', format: amount,
    lines: [{ label: 'not seen to yet', of: sample => sample.fan_out.backlog }],
  },
];

const READERS = [
  {
    title: 'Quality of pages', note: 'share', kind: 'stack', isRamp: true, format: percent, top: 1, gap: QUIET,
    lines: [{ label: 'full', of: sample => share(sample.quality.full, pages(sample)) }, { label: 'unranked', of: sample => share(unranked(sample), pages(sample)) }],
  },
  {
    title: 'Live', note: 'now', format: amount,
    lines: [{ label: 'connections', of: sample => sample.live.connections }, { label: 'readers', of: sample => sample.live.readers }],
  },
  {
    title: 'Live events', note: 'a second', format: rate,
    lines: [{ label: 'told', of: sample => sample.live.told / sample.seconds }, { label: 'told to read again', of: sample => sample.live.resyncs / sample.seconds }],
  },
];

const MEMORY = [
  {
    title: 'Inboxes and what belongs to them', kind: 'stack', format: bytes, thousand: 1_024,
    lines: [
      { label: 'inboxes', of: sample => sample.memory.inbox_bytes }, { label: 'timelines', of: sample => sample.memory.timeline_bytes },
      { label: 'seen', of: sample => sample.memory.seen_bytes },
    ],
  },
  { title: 'Snapshots', note: 'ranked lists of walks', lines: [{ label: 'kept', of: sample => sample.memory.snapshot_bytes }], format: bytes, thousand: 1_024 },
  {
    title: 'Cache hits', note: 'share', format: percent, top: 1, gap: QUIET,
    lines: [
      { label: 'posts', of: cache('posts') }, { label: 'sessions', of: cache('sessions') }, { label: 'bodies', of: cache('bodies') }, { label: 'people', of: cache('people') },
    ],
  },
  { title: 'Inboxes rebuilt', note: 'a second', lines: [{ label: 'inside a read', of: bySecond(counts => counts.rebuilds) }], format: rate },
];

const PROCESS = [
  { title: 'Processor', note: 'cores', lines: [{ label: 'at work', of: sample => sample.process.cpu }], format: amount },
  {
    title: 'Memory', format: bytes, thousand: 1_024,
    lines: [{ label: 'resident', of: sample => sample.process.resident_bytes }, { label: 'garbage-collected heap', of: sample => sample.process.gc_heap_bytes }],
  },
  { title: 'Pauses for garbage', note: 'share of time', lines: [{ label: 'stood still', of: sample => sample.process.gc_pause }], format: percent },
  {
    title: 'Thread pool', note: 'now', format: amount,
    lines: [{ label: 'threads', of: sample => sample.process.pool_threads }, { label: 'work waiting', of: sample => sample.process.pool_queue }],
  },
];

const SECTIONS = [['What happens', WORK], ['How long it takes', TIMES], ['Fan-out', FAN_OUT], ['Readers', READERS], ['Memory', MEMORY], ['The process', PROCESS]];

/** All of them, made anew: {title, plots} for each section. */
export const plotSections = () => SECTIONS.map(([title, plots]) => ({ title, plots: plots.map(timePlot) }));
