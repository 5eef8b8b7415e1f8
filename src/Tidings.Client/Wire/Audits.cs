using System.Text.Json.Serialization;

namespace Tidings.Client.Wire;

/// <summary>Compares inboxes with what a fresh pull would give.</summary>
/// <param name="Readers">So many, drawn from those who were here lately: 1 to 10,000. Without both, 1,000.</param>
/// <param name="Ids">These, 1 to 1,000, instead of drawn ones.</param>
/// <param name="Repair">Drops the inboxes that lack something, so that the next read rebuilds them.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record AuditRequest(int? Readers = null, IReadOnlyList<string>? Ids = null, bool Repair = false);

/// <param name="Id">Names it.</param>
/// <param name="State"><c>running</c>, <c>done</c> or <c>cancelled</c>.</param>
/// <param name="ReadersAsked">How many readers are to be looked at; fewer where there are fewer.</param>
/// <param name="ReadersLooked">How many were looked at so far.</param>
/// <param name="ReadersCompared">Of them, those with an inbox: who has none gets one at the next read, and lacks nothing.</param>
/// <param name="Expected">Entries that a fresh pull gives and the inboxes should have.</param>
/// <param name="Present">Of them, those that the inboxes have.</param>
/// <param name="Missing">Of them, those that the inboxes lack although fan-out has passed them.</param>
/// <param name="Completeness"><paramref name="Present"/> of <paramref name="Expected"/>: 0 to 1, and 1 where nothing was expected.</param>
/// <param name="Extra">Entries that the fresh pull doesn't have, by why.</param>
/// <param name="Rechecked">Entries that were missing at first and not any more when fan-out had passed them.</param>
/// <param name="ReadersIncomplete">Readers whose inbox lacks something.</param>
/// <param name="ReadersRepaired">Of them, those whose inbox was dropped to be rebuilt.</param>
/// <param name="Worst">The readers who lack most, at most 20.</param>
public sealed record AuditView(
    string Id, string State, bool Repair, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, int ReadersAsked, int ReadersLooked, int ReadersCompared,
    long Expected, long Present, long Missing, double Completeness, AuditExtraView Extra, long Rechecked, int ReadersIncomplete, int ReadersRepaired,
    IReadOnlyList<AuditReaderView> Worst);

/// <summary>Entries that are in inboxes and in no fresh pull. An inbox is a guess, so all but the last kind are harmless: a read drops them.</summary>
/// <param name="Unfollowed">By authors whom the reader doesn't follow any more.</param>
/// <param name="Deleted">Of posts that are gone.</param>
/// <param name="Pulled">By authors who are pulled by now: the read finds them in both places and shows them once.</param>
/// <param name="Unexplained">None of these: the author's timeline lacks the post.</param>
public sealed record AuditExtraView(long Unfollowed, long Deleted, long Pulled, long Unexplained);

/// <param name="Examples">Ids of missing posts, the newest first, at most 5.</param>
public sealed record AuditReaderView(PersonSummary Reader, int Expected, int Missing, bool Repaired, IReadOnlyList<string> Examples);
