using Tidings.Events;
using Tidings.FanOut;
using Tidings.People;
using Xunit;

namespace Tidings.Tests.FanOut;

public sealed class AuthorQueuesTests
{
    private static FanOutJob Job(long position) => new(new Event(position, EventKind.PostPublished, default, default, default, 0, 0));

    [Fact]
    public void Authors_take_turns_and_each_ones_jobs_stay_in_order()
    {
        var queues = new AuthorQueues(100);
        for (var i = 1; i <= 3; i++)
            queues.Add(new UserId(1), Job(i));
        queues.Add(new UserId(2), Job(4));

        var taken = new List<(long Author, long Position)>();
        var slices = 0;
        while (queues.TryTake(out var author, out var job))
        {
            taken.Add((author.Value, job.Cause.Position));
            var done = author.Value == 2 || ++slices % 2 == 0;
            queues.EndTurn(author, done);
        }
        Assert.Equal([(1, 1), (2, 4), (1, 1), (1, 2), (1, 2), (1, 3), (1, 3)], taken);
        Assert.Equal(0, queues.Count);
    }

    [Fact]
    public void Room_is_what_is_left()
    {
        var queues = new AuthorQueues(2);
        queues.Add(new UserId(1), Job(1));
        Assert.Equal(1, queues.Room);
    }
}
