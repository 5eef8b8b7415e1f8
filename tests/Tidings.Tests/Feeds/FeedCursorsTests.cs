using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Tidings.Feeds;
using Tidings.People;
using Tidings.Posts;
using Xunit;

namespace Tidings.Tests.Feeds;

public sealed class FeedCursorsTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, FeedCursors.KeyBytes).Select(i => (byte)i)];
    private readonly FakeTimeProvider _clock = new();

    private FeedCursors Cursors => new(Key, _clock);

    [Fact]
    public void A_cursor_comes_back_as_the_place_that_it_was_and_all_have_one_length() =>
        Gen.Select(Gen.Long[0, long.MaxValue], Gen.Long[0, long.MaxValue], Gen.Int[0, 1_000], Gen.Bool, Gen.Enum<FeedQuality>()).Sample((before, snapshot, offset, latest, quality) =>
        {
            var order = latest ? FeedOrder.Latest : FeedOrder.Ranked;
            var place = new FeedPlace(order, new PostId(before), new SnapshotId(snapshot), offset, offset / 2, quality);
            var cursor = Cursors.Seal(new UserId(7), place);
            Assert.Equal(88, cursor.Length);
            Assert.Equal(place, Cursors.Open(new UserId(7), order, cursor).Value);
        });

    [Fact]
    public void A_cursor_of_another_reader_order_or_server_is_invalid()
    {
        var cursor = Cursors.Seal(new UserId(7), FeedPlace.Top(FeedOrder.Ranked));
        Assert.Equal(FeedCursors.Invalid, Cursors.Open(new UserId(8), FeedOrder.Ranked, cursor).Rejection);
        Assert.Equal(FeedCursors.Invalid, Cursors.Open(new UserId(7), FeedOrder.Latest, cursor).Rejection);
        Assert.Equal(FeedCursors.Invalid, new FeedCursors(new byte[FeedCursors.KeyBytes], _clock).Open(new UserId(7), FeedOrder.Ranked, cursor).Rejection);
    }

    [Fact]
    public void A_cursor_with_any_character_changed_is_invalid()
    {
        var cursor = Cursors.Seal(new UserId(7), FeedPlace.Top(FeedOrder.Ranked));
        for (var i = 0; i < cursor.Length; i++)
        {
            var forged = cursor.ToCharArray();
            forged[i] = forged[i] == 'A' ? 'B' : 'A';
            Assert.Equal(FeedCursors.Invalid, Cursors.Open(new UserId(7), FeedOrder.Ranked, forged).Rejection);
        }
    }

    [Fact]
    public void Rubbish_is_invalid() => Gen.String[0, 200].Sample(rubbish =>
        Assert.Equal(FeedCursors.Invalid, Cursors.Open(new UserId(7), FeedOrder.Ranked, rubbish).Rejection));

    [Fact]
    public void A_cursor_expires()
    {
        var cursor = Cursors.Seal(new UserId(7), FeedPlace.Top(FeedOrder.Ranked));
        _clock.Advance(FeedCursors.Lifetime);
        Assert.Equal(FeedCursors.Expired, Cursors.Open(new UserId(7), FeedOrder.Ranked, cursor).Rejection);
    }

    /// <summary>A cursor given by an older version of the program must open: version 1, key 00..1f.</summary>
    [Fact]
    public void The_format_is_frozen()
    {
        const string Golden = "ZGVmZ2hpamtsbW5vSRvKfOBXSp4-YnXo2mVq_ULCFwqLbOuquAPbrvujokiU6UDATBL-qmIATeEsvx0-m8CfxMQn";
        var place = new FeedPlace(FeedOrder.Ranked, new PostId(123_456_789_012), new SnapshotId(42), 17, 0);
        Assert.Equal(place, new FeedCursors(Key, new FakeTimeProvider(DateTimeOffset.UnixEpoch)).Open(new UserId(7), FeedOrder.Ranked, Golden).Value);
    }
}
