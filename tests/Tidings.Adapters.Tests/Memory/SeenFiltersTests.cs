using Tidings.Embedded.Memory;
using Tidings.People;
using Tidings.Posts;
using Xunit;

namespace Tidings.Adapters.Tests.Memory;

public sealed class SeenFiltersTests : IDisposable
{
    private static readonly UserId Reader = new(70_000);

    private readonly Slab _slab = new(8 << 20);
    private readonly SeenFilters _filters;

    public SeenFiltersTests() => _filters = new SeenFilters(_slab);

    public void Dispose()
    {
        _filters.Dispose();
        Assert.Equal(0, _slab.UsedBytes);
        _slab.Dispose();
    }

    [Theory]
    [InlineData(10, 256)]
    [InlineData(64, 256)]
    [InlineData(140, 1_024)]
    [InlineData(3_072, 8_192)]
    public void A_filter_takes_two_to_eight_bytes_a_post_and_is_seldom_wrong_when_full(int posts, int bytes)
    {
        var ids = Enumerable.Range(1, bytes / 2).Select(i => new PostId(TimeOrderedId.FirstAt(1_790_000_000_000 + i * 977L) + 256)).ToArray();
        Assert.True(_filters.Fill(Reader, _filters.Open(Reader), 5, ids.AsSpan(0, posts)));
        Assert.Equal(bytes, _slab.UsedBytes);
        _filters.Reported(Reader, ids.AsSpan(posts));
        Assert.DoesNotContain(false, Check(5, ids)!);

        var others = Enumerable.Range(1, 100_000).Select(i => new PostId(TimeOrderedId.FirstAt(1_780_000_000_000 + i * 977L) + 256)).ToArray();
        Assert.InRange(Check(5, others)!.Count(seen => seen), 1, 1_000);
    }

    [Fact]
    public void A_report_that_came_while_a_filter_was_made_makes_it_worthless()
    {
        var epoch = _filters.Open(Reader);
        _filters.Reported(Reader, [new PostId(1)]);
        Assert.False(_filters.Fill(Reader, epoch, 5, []));
        Assert.Null(Check(5, [new PostId(1)]));
        Assert.True(_filters.Fill(Reader, _filters.Open(Reader), 5, [new PostId(1)]));
        Assert.Equal([true], Check(5, [new PostId(1)])!);
    }

    [Fact]
    public void A_filter_without_room_is_dropped_and_one_of_another_day_does_not_answer()
    {
        Assert.True(_filters.Fill(Reader, _filters.Open(Reader), 5, []));
        Assert.Equal(0, _slab.UsedBytes);
        Assert.Equal([false], Check(5, [new PostId(1)])!);
        Assert.Null(Check(6, [new PostId(1)]));
        _filters.Reported(Reader, [new PostId(1)]);
        Assert.Null(Check(5, [new PostId(1)]));
    }

    [Fact]
    public void Filters_of_other_days_give_their_memory_back()
    {
        var near = new UserId(3);
        Assert.True(_filters.Fill(Reader, _filters.Open(Reader), 5, [new PostId(1)]));
        Assert.True(_filters.Fill(near, _filters.Open(near), 6, [new PostId(1)]));
        for (var round = 0; round < 3; round++)
            _filters.Retire(6);
        Assert.Equal(256, _slab.UsedBytes);
        Assert.Null(Check(5, [new PostId(1)]));
    }

    [Fact]
    public void Without_memory_nothing_is_kept()
    {
        using var full = new Slab(64 << 10);
        using var filters = new SeenFilters(full);
        while (full.TryRent(Slab.SizeClasses - 1, out _))
        {
        }
        Assert.False(filters.Fill(Reader, filters.Open(Reader), 5, [new PostId(1)]));
        Assert.False(filters.TryCheck(Reader, 5, [new PostId(1)], new bool[1]));
    }

    private bool[]? Check(int day, PostId[] posts)
    {
        var into = new bool[posts.Length];
        return _filters.TryCheck(Reader, day, posts, into) ? into : null;
    }
}
