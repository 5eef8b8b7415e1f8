using CsCheck;
using Tidings.Embedded.Record;
using Tidings.Embedded.Record.Rows;
using Tidings.Embedded.Record.Tables;
using Tidings.People;
using Tidings.Posts;
using Xunit;

namespace Tidings.Adapters.Tests.Record;

public sealed class TableTests
{
    [Fact]
    public void Marked_posts_never_say_what_is_not_so()
    {
        const int max = 8;
        Gen.Select(Gen.Long[1, 20].Array[0, 30], Gen.Select(Gen.Long[1, 20], Gen.Bool).Array[0, 60]).Sample((begin, changes) =>
        {
            var model = new SortedSet<long>(begin);
            var newest = model.Reverse().Take(max).Reverse().ToArray();
            var marked = new MarkedPosts(newest, newest.Length < max ? 0 : newest[0], max);
            foreach (var (post, on) in changes)
            {
                _ = on ? model.Add(post) : model.Remove(post);
                marked = marked.With(new PostId(post), on);
            }
            for (var post = 0L; post <= 21; post++)
            {
                if (marked.Contains(new PostId(post)) is { } said) Assert.Equal(model.Contains(post), said);
            }
            Assert.True(marked.Count <= max);
            Assert.NotNull(marked.Contains(new PostId(21)));
        }, iter: 5_000);
    }

    [Fact]
    public void An_affinity_row_keeps_the_strongest()
    {
        var row = AffinityRow.None;
        for (var i = 1; i <= AffinityRow.AuthorsMax + 10; i++)
            row = row.With(new UserId(i), i * 7919 % 1_000_003);
        Assert.Equal(AffinityRow.AuthorsMax, row.Count);
        var kept = Enumerable.Range(1, AffinityRow.AuthorsMax + 10).Count(i => row[new UserId(i)] == i * 7919 % 1_000_003);
        Assert.Equal(AffinityRow.AuthorsMax, kept);
        Assert.Equal(double.NegativeInfinity, row[new UserId((1L << 32) + 5)]);
    }

    [Fact]
    public void What_was_read_before_a_commit_is_not_kept_after_it()
    {
        var cache = new ReadThroughCache<int, string>(100);
        var read = cache.Get(1, cache, static (key, cache) =>
        {
            cache.Committed(key, "new");
            return "old";
        });
        Assert.Equal("old", read);
        Assert.Equal("new", cache.Peek(1));

        cache.Get(2, cache, static (key, cache) =>
        {
            cache.CommittedIfKept(key, 0, static (kept, _) => kept);
            return "old";
        });
        Assert.Null(cache.Peek(2));
        Assert.Equal("disk", cache.Get(2, 0, static (_, _) => "disk"));
        Assert.Equal("disk", cache.Peek(2));
        cache.Committed(2, null);
        Assert.Null(cache.Peek(2));
    }
}
