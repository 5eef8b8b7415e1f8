using CsCheck;
using Tidings.Live;
using Tidings.People;
using Xunit;

namespace Tidings.Tests.Live;

/// <summary>A client that comes and goes, slow at times, before a server that restarts, held against what it was to be told.</summary>
public sealed class LiveResumeTests
{
    private enum Step { Send, SendMany, Take, TakeOne, Leave, Away, Restart }

    private static readonly Gen<Step[]> Lives = Gen.Frequency(
        (8, Gen.Const(Step.Send)), (1, Gen.Const(Step.SendMany)), (4, Gen.Const(Step.Take)), (4, Gen.Const(Step.TakeOne)), (3, Gen.Const(Step.Leave)),
        (1, Gen.Const(Step.Away)), (1, Gen.Const(Step.Restart))).Array[1, 60];

    [Fact]
    public async Task Every_event_arrives_once_and_in_order_or_a_resync_says_that_some_did_not()
    {
        await using var world = await LiveWorld.StartAsync();
        var reader = await world.JoinAsync("reader");
        await Lives.SampleAsync(async steps => await new Life(world, reader).LiveAsync(steps), iter: 300, threads: 1);
    }

    private sealed class Life(LiveWorld world, UserId reader)
    {
        private LiveReaders _readers = null!;
        private LiveRelay _relay = null!;
        private LiveConnection? _connection;
        private readonly LiveBatch _batch = new();
        private readonly Queue<LiveFrame> _onTheWay = new();
        private long? _last;
        private int _sent, _known;

        public async Task LiveAsync(Step[] steps)
        {
            Start();
            Open();
            foreach (var step in steps)
                await DoAsync(step);
            Open();
            await TakeAsync(int.MaxValue);
            Assert.Equal(_sent, _known);
        }

        private void Start()
        {
            var p = world.Tidings.Profile;
            // A start takes time; numbers begin where the clock is.
            world.Tidings.Clock.Advance(TimeSpan.FromSeconds(1));
            _readers = new LiveReaders(world.Tidings.Clock, new LiveOptions());
            _relay = new LiveRelay(
                _readers, new LiveCounters(world.Tidings.Clock), new LiveSight(p.Posts, p.Graph, p.Audiences), p.People, p.Credentials, p.Presence, world.Tidings.Clock);
            _connection = null;
            _onTheWay.Clear();
        }

        private void Open() => _connection ??= _relay.Open(reader, default, long.MaxValue, _last).Value;

        private async Task DoAsync(Step step)
        {
            switch (step)
            {
                case Step.Send:
                    Send(1);
                    break;
                case Step.SendMany:
                    Send(EventRing.EventsMax - 20);
                    break;
                case Step.Take:
                    Open();
                    await TakeAsync(int.MaxValue);
                    break;
                case Step.TakeOne:
                    Open();
                    await TakeAsync(1);
                    break;
                case Step.Leave:
                    Leave();
                    break;
                case Step.Away:
                    Leave();
                    world.Tidings.Clock.Advance(TimeSpan.FromMilliseconds(LiveReaders.RememberedMs + 1));
                    _readers.Forget();
                    break;
                case Step.Restart:
                    Start();
                    break;
            }
        }

        private void Leave()
        {
            if (_connection is null) return;
            _relay.Close(_connection);
            _connection = null;
            // What was on the way is lost with the connection.
            _onTheWay.Clear();
        }

        private void Send(int count)
        {
            for (var i = 0; i < count; i++)
                _readers.Send(reader, LiveEvent.Notification(++_sent));
        }

        private async Task TakeAsync(int most)
        {
            for (var taken = 0; taken < most; taken++)
            {
                if (_onTheWay.Count == 0)
                {
                    var count = await _relay.TakeAsync(_connection!, _batch, CancellationToken.None);
                    foreach (var frame in _batch.Frames.Take(count))
                        _onTheWay.Enqueue(frame);
                    if (count == 0) return;
                }
                See(_onTheWay.Dequeue());
            }
        }

        private void See(LiveFrame frame)
        {
            switch (frame.Kind)
            {
                case FrameKind.Hello:
                    _last ??= frame.Seq;
                    // Before the first greeting nothing was promised: the client reads after it.
                    if (_known == 0) _known = _sent - (int)(_connection!.Reader.Last - frame.Seq);
                    return;
                case FrameKind.Resync:
                    // The client reads again, and so knows all that was sent when the resync was made.
                    _known = _sent - (int)(_connection!.Reader.Last - frame.Seq);
                    break;
                default:
                    Assert.Equal(_last + 1, frame.Seq);
                    Assert.Equal(++_known, frame.Number);
                    break;
            }
            _last = frame.Seq;
        }
    }
}
