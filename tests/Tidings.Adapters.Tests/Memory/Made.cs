using Tidings.Graph;
using Tidings.People;
using Tidings.Posts;
using Xunit;

namespace Tidings.Adapters.Tests.Memory;

/// <summary>Posts whose every field follows from the id, so that a torn copy shows.</summary>
internal static class Made
{
    public static UserId[] Users(params int[] ids) => Array.ConvertAll(ids, id => new UserId(id));

    public static PostHeader Post(long id, long author, int version = 1) => new(
        new PostId(id), new UserId(author), (PostType)(version % 4), (Audience)(version % 3), new AudienceListId((uint)version),
        version % 5 == 0, version, version == 1 ? 0 : version, new Counts((int)id, (int)id + 1, (int)id + 2));

    /// <summary>The result of what memory answers at once.</summary>
    public static T Now<T>(ValueTask<T> task)
    {
        Assert.True(task.IsCompletedSuccessfully);
        return task.GetAwaiter().GetResult();
    }

    public static void Now(ValueTask task) => Assert.True(task.IsCompletedSuccessfully);

    /// <summary>Starts work on threads of their own: a busy pool would let the race be over before it begins.</summary>
    public static Task<T>[] Race<T>(int threads, Func<int, T> work) =>
        [.. Enumerable.Range(0, threads).Select(thread =>
            Task.Factory.StartNew(() => work(thread), default, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
}
