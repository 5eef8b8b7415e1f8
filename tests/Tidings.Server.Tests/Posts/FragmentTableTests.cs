using System.Globalization;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Tidings.Posts;
using Tidings.Server.Posts;
using Xunit;

namespace Tidings.Server.Tests.Posts;

public sealed class FragmentTableTests
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void What_was_added_is_found_in_the_version_that_it_was_added_in()
    {
        var table = new FragmentTable(100, Life, _clock);
        Add(table, 7, 2);
        Assert.Equal("7/2", Find(table, 7, 2));
        Assert.Null(Find(table, 7, 1));
        Assert.Null(Find(table, 8, 2));
        Assert.Equal(1, table.Count);
    }

    [Fact]
    public void A_page_gets_each_of_its_posts_in_its_place_and_hears_how_many_are_missing()
    {
        var table = new FragmentTable(1_000, Life, _clock);
        for (var post = 1; post <= 100; post += 2)
            Add(table, post, 1);
        var wanted = Enumerable.Range(1, 100).Select(post => (new PostId(post), 1)).ToArray();
        var found = Enumerable.Repeat<byte[]?>([], 100).ToArray();
        Assert.Equal(50, table.Find(wanted, found));
        Assert.Equal(
            Enumerable.Range(1, 100).Select(post => post % 2 == 1 ? $"{post}/1" : null),
            found.Select(bytes => bytes is null ? null : Encoding.ASCII.GetString(bytes)));
    }

    [Fact]
    public void When_its_time_is_over_it_is_not_found()
    {
        var table = new FragmentTable(100, Life, _clock);
        Add(table, 7, 1);
        _clock.Advance(Life - TimeSpan.FromTicks(1));
        Assert.NotNull(Find(table, 7, 1));
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Null(Find(table, 7, 1));
        Add(table, 7, 1);
        Assert.NotNull(Find(table, 7, 1));
        Assert.Equal(1, table.Count);
    }

    [Fact]
    public void Where_there_is_no_room_what_was_not_used_goes()
    {
        var table = new FragmentTable(8, Life, _clock);
        for (var post = 1; post <= 8; post++)
            Add(table, post, 1);
        foreach (var post in new[] { 2, 3, 5, 8 })
            Find(table, post, 1);
        for (var post = 11; post <= 14; post++)
            Add(table, post, 1);
        Assert.Equal(8, table.Count);
        Assert.All(new[] { 2, 3, 5, 8, 11, 12, 13, 14 }, post => Assert.NotNull(Find(table, post, 1)));
    }

    [Fact]
    public void There_are_never_more_than_its_entries()
    {
        var table = new FragmentTable(64, Life, _clock);
        for (var post = 1; post <= 1_000; post++)
        {
            Add(table, post, 1);
            Assert.Equal($"{post}/1", Find(table, post, 1));
        }
        Assert.InRange(table.Count, 32, 64);
    }

    [Fact]
    public void Only_what_is_meant_is_removed_and_what_stays_is_kept_once()
    {
        var table = new FragmentTable(8, Life, _clock);
        for (var post = 1; post <= 8; post++)
            Add(table, post, 1);
        table.Remove(bytes => bytes[0] < '5');
        Assert.Equal(4, table.Count);
        Assert.Null(Find(table, 4, 1));
        for (var post = 5; post <= 8; post++)
            Add(table, post, 1);
        Assert.Equal(4, table.Count);
        table.Remove(_ => true);
        Assert.All(Enumerable.Range(5, 4), post => Assert.Null(Find(table, post, 1)));
        Assert.Equal(0, table.Count);
    }

    [Fact]
    public async Task Whoever_looks_while_others_add_and_remove_finds_what_was_asked_for_or_nothing()
    {
        var table = new FragmentTable(32, Life, TimeProvider.System);
        var adding = Task.Run(() =>
        {
            for (var i = 0; i < 50_000; i++)
            {
                Add(table, 1 + i * 7 % 97, 1 + i % 3);
                if (i % 1_000 == 0) table.Remove(bytes => bytes[0] == '9');
            }
        });
        var found = 0;
        for (var i = 0; !adding.IsCompleted || i < 300; i++)
        {
            var (post, version) = (1 + i % 97, 1 + i % 3);
            if (Find(table, post, version) is not { } text) continue;
            Assert.Equal($"{post}/{version}", text);
            found++;
        }
        await adding;
        Assert.True(found > 0);
    }

    private static void Add(FragmentTable table, long post, int version) =>
        table.Add(new PostId(post), version, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{post}/{version}")));

    private static string? Find(FragmentTable table, long post, int version)
    {
        var found = new byte[]?[1];
        var missing = table.Find([(new PostId(post), version)], found);
        Assert.Equal(found[0] is null ? 1 : 0, missing);
        return found[0] is null ? null : Encoding.ASCII.GetString(found[0]!);
    }
}
