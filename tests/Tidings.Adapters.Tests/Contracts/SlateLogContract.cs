using Tidings.People;
using Tidings.Posts;
using Tidings.Ranking;
using Xunit;

namespace Tidings.Adapters.Tests.Contracts;

public abstract class SlateLogContract : Contract
{
    private Slate Made(int reader)
    {
        var slate = new Slate { Reader = new UserId(reader), UnixMs = NowUnixMs, Variant = "test/a", Share = 0.5f, Count = 3 };
        for (var i = 0; i < slate.Count; i++)
            slate.Entries[i] = new SlateEntry(new PostId(100 + i), new UserId(i), i == 2 ? -1 : i, 0.5f, reader + i);
        slate.FeatureRows.AsSpan(0, slate.Count * Features.Count).Fill(reader);
        return slate;
    }

    [Fact]
    public async Task Slates_come_back_whole_and_in_the_order_in_which_they_were_stored()
    {
        await Ports.Slates.AppendAsync([Made(1), Made(2)], Ct);
        await Ports.Slates.AppendAsync([Made(3)], Ct);
        var first = await Ports.Slates.ReadAsync(0, 2, Ct);
        var rest = await Ports.Slates.ReadAsync(first[^1].Place, 2, Ct);
        Assert.Equal([1L, 2, 3], first.Concat(rest).Select(logged => logged.Slate.Reader.Value));
        Assert.Empty(await Ports.Slates.ReadAsync(rest[^1].Place, 2, Ct));
        var (made, read) = (Made(3), rest[0].Slate);
        Assert.Equal((made.UnixMs, made.Variant, made.Share, made.Count), (read.UnixMs, read.Variant, read.Share, read.Count));
        Assert.Equal(made.Entries, read.Entries);
        Assert.Equal(made.FeatureRows, read.FeatureRows);
    }

    [Fact]
    public async Task A_slate_that_was_stored_may_be_filled_anew()
    {
        var slate = Made(1);
        await Ports.Slates.AppendAsync([slate], Ct);
        slate.Reader = new UserId(9);
        Assert.Equal(1, (await Ports.Slates.ReadAsync(0, 10, Ct)).Single().Slate.Reader.Value);
    }
}
