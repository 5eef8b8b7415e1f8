using System.Text;
using System.Text.Json;
using Tidings.Client.Wire;
using Tidings.Live;
using Tidings.People;
using Tidings.Posts;
using Tidings.Server.Live;
using Xunit;

namespace Tidings.Server.Tests.Live;

public sealed class LiveFramesTests
{
    private static readonly PostId Post = new(long.MaxValue);
    private static readonly UserId Author = new(uint.MaxValue);

    /// <summary>Clients out there read these: a change is a new version.</summary>
    private static readonly (LiveFrame Frame, string Text)[] Golden =
    [
        (new(9007199254740991, FrameKind.Hello, 0), """{"seq":9007199254740991,"type":"hello","version":1,"resumed":false}"""),
        (new(5, FrameKind.Hello, 1), """{"seq":5,"type":"hello","version":1,"resumed":true}"""),
        (new(6, FrameKind.Posted, Post, Author, default, 0), """{"seq":6,"type":"posted","post":"9223372036854775807","author":"4294967295"}"""),
        (new(7, FrameKind.Edited, Post, Author, default, 0), """{"seq":7,"type":"edited","post":"9223372036854775807"}"""),
        (new(8, FrameKind.Gone, Post, Author, default, 0), """{"seq":8,"type":"gone","post":"9223372036854775807"}"""),
        (new(8, FrameKind.Lost, Post, default, default, 0), """{"seq":8,"type":"gone","post":"9223372036854775807"}"""),
        (new(9, FrameKind.Notification, default, default, default, 12), """{"seq":9,"type":"notification","unread":12}"""),
        (new(10, FrameKind.Skip), """{"seq":10,"type":"skip"}"""),
        (new(10, FrameKind.Counters, Post, default, new Counts(int.MaxValue, int.MaxValue, int.MaxValue), 0),
            """{"seq":10,"type":"counters","post":"9223372036854775807","likes":2147483647,"comments":2147483647,"shares":2147483647}"""),
        (new(11, FrameKind.Resync), """{"seq":11,"type":"resync"}"""),
        (new(11, FrameKind.Bye, default, new UserId(3), default, (int)ByeReason.Stopping),
            """{"seq":11,"type":"bye","reason":"stopping","retry_ms":3226}"""),
        (new(11, FrameKind.Bye, default, Author, default, (int)ByeReason.SignedOut), """{"seq":11,"type":"bye","reason":"signed_out"}"""),
        (new(11, FrameKind.Bye, default, Author, default, (int)ByeReason.Expired), """{"seq":11,"type":"bye","reason":"expired"}"""),
        (new(11, FrameKind.Beat), ""),
    ];

    [Fact]
    public void Every_frame_is_written_as_it_was_promised()
    {
        var buffer = new byte[LiveFrames.BytesMax];
        Assert.Equal(1, LiveFrames.Version);
        Assert.Equal(Enum.GetValues<FrameKind>(), Golden.Select(g => g.Frame.Kind).Distinct().Order());
        foreach (var (frame, text) in Golden)
            Assert.Equal(text, Encoding.UTF8.GetString(buffer, 0, LiveFrames.Write(frame, buffer)));
    }

    [Fact]
    public void A_client_reads_every_frame()
    {
        foreach (var (frame, text) in Golden.Where(g => g.Text.Length > 0))
        {
            var view = JsonSerializer.Deserialize(text, WireJson.Wire.LiveFrameView)!;
            Assert.Equal(frame.Seq, view.Seq);
            Assert.Equal(frame.Post.Value == 0 ? null : frame.Post.ToString(), view.Post);
        }
    }

    [Fact]
    public void Clients_of_a_server_that_stops_come_back_spread_over_seconds()
    {
        var buffer = new byte[LiveFrames.BytesMax];
        var waits = Enumerable.Range(1, 1_000).Select(person =>
        {
            var bytes = LiveFrames.Write(new LiveFrame(1, FrameKind.Bye, default, new UserId(person), default, (int)ByeReason.Stopping), buffer);
            return JsonSerializer.Deserialize(buffer.AsSpan(0, bytes), WireJson.Wire.LiveFrameView)!.RetryMs!.Value;
        }).ToArray();
        Assert.All(waits, ms => Assert.InRange(ms, 500, 4_595));
        Assert.All(waits.GroupBy(ms => (ms - 500) / 512), second => Assert.InRange(second.Count(), 50, 250));
    }
}
