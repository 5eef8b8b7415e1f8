using Microsoft.Extensions.Time.Testing;
using Tidings.Embedded;
using Tidings.Embedded.Record;
using Tidings.Embedded.Record.Rows;
using Tidings.Embedded.Record.Tables;
using Tidings.People;
using Tidings.Posts;
using Xunit;

namespace Tidings.Adapters.Tests.Record;

public sealed class ClaimTableTests
{
    private static readonly UserId Ada = new(1);
    private static readonly IdempotencyClaim Claim = new("k", new byte[32]);

    [Fact]
    public async Task A_key_that_is_used_again_while_it_is_swept_stays()
    {
        using var folder = new TemporaryFolder();
        var clock = new FakeTimeProvider();
        var options = EmbeddedPorts.Options(folder.Path);
        using var database = Database.Open(Path.Combine(folder.Path, "record"), create: true, options.WalBytesMax, options.BlockCacheBytes);
        var claims = new ClaimTable(database);
        await using var writer = new Writer(
            database, [claims], default, options, clock, new FreeSpace(folder.Path, 0, clock, () => long.MaxValue));
        var key = ClaimRow.Key(new byte[ClaimRow.KeyBytesMax], Ada, Claim.Key).ToArray();

        await CommitAsync(writer, draft => claims.Set(draft, Ada, Claim, ClaimKind.Post, 1));
        clock.Advance(IdempotencyClaim.Lifetime);
        await CommitAsync(writer, draft =>
        {
            Assert.Equal(0L, claims.Find(draft, Ada, Claim, ClaimKind.Post).Value);
            claims.Set(draft, Ada, Claim, ClaimKind.Post, 2);
            Assert.False(claims.RemoveExpired(draft, key, draft.NowUnixMs));
        });
        await CommitAsync(writer, draft =>
        {
            Assert.False(claims.RemoveExpired(draft, key, draft.NowUnixMs));
            Assert.Equal(2L, claims.Find(draft, Ada, Claim, ClaimKind.Post).Value);
        });
        clock.Advance(IdempotencyClaim.Lifetime);
        await CommitAsync(writer, draft =>
        {
            Assert.True(claims.RemoveExpired(draft, key, draft.NowUnixMs));
            Assert.False(writer.Failed.IsCompleted);
        });
    }

    private static async Task CommitAsync(Writer writer, Action<Draft> decide) =>
        await writer.CommitAsync(decide, static (draft, decide) =>
        {
            decide(draft);
            return true;
        }, TestContext.Current.CancellationToken);
}
