using Tidings.Client;
using Tidings.Client.Wire;

namespace Tidings.Server.Tests.Matrix;

/// <summary>
/// An owner with a post for everybody, one for friends and one for a list, and all who could ask for them: a friend, a follower who is on the list, a
/// stranger, one whom the owner blocks, and nobody.
/// </summary>
internal sealed class World
{
    public static readonly string[] Callers = ["owner", "friend", "follower", "stranger", "blocked", "anonymous"];

    private readonly Dictionary<string, string> _names = [];
    private readonly Dictionary<string, TidingsClient> _clients = [];

    public static async Task<World> MakeAsync(RunningServer server)
    {
        var ct = CancellationToken.None;
        var world = new World();
        var people = new Dictionary<string, Someone>();
        foreach (var name in Callers[..^1].Append("other"))
        {
            people[name] = await server.JoinAsync(name);
            world._names[name] = people[name].Id;
            world._clients[name] = people[name].Client;
        }
        world._clients["anonymous"] = server.Anonymous;

        var (owner, friend, follower) = (people["owner"], people["friend"], people["follower"]);
        await RunningServer.BefriendAsync(owner, friend);
        await follower.Client.FollowAsync(owner.Id, ct);
        await people["blocked"].Client.FollowAsync(owner.Id, ct);
        await owner.Client.BlockAsync(people["blocked"].Id, ct);
        var list = await owner.Client.AddAudienceAsync("some", ct);
        await owner.Client.AddAudienceMemberAsync(list.Id, follower.Id, ct);

        async Task PublishAsync(string name, Audience audience, string? audienceList)
        {
            var post = await owner.Client.PublishAsync(new PublishRequest(name, Audience: audience, AudienceList: audienceList), null, ct);
            world._names[name] = post.Id;
        }
        await PublishAsync("public", Audience.Public, null);
        await PublishAsync("friends", Audience.Friends, null);
        await PublishAsync("custom", Audience.Custom, list.Id);
        world._names["list"] = list.Id;
        world._names["comment"] = (await friend.Client.CommentAsync(world._names["public"], "first", null, ct)).Id;
        world._names["handle"] = owner.Handle;
        return world;
    }

    public TidingsClient Client(string caller) => _clients[caller];

    /// <summary>Puts ids in the place of names in braces.</summary>
    public string Path(string template) => _names.Aggregate(template, (path, name) => path.Replace($"{{{name.Key}}}", name.Value));
}
