using Tidings.Graph;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Adapters.Tests.Memory;

/// <summary>Posts whose every field follows from the id, so that a torn copy shows.</summary>
internal static class Made
{
    public static UserId[] Users(params int[] ids) => Array.ConvertAll(ids, id => new UserId(id));

    public static PostHeader Post(long id, long author, int version = 1) => new(
        new PostId(id), new UserId(author), (PostType)(version % 4), (Audience)(version % 3), new AudienceListId((uint)version),
        version % 5 == 0, version, version == 1 ? 0 : version, new Counts((int)id, (int)id + 1, (int)id + 2));
}
