using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Tidings.Posts;
using Tidings.Server.Simulation;
using Tidings.People;
using Xunit;

namespace Tidings.Server.Tests.Simulation;

public sealed class SimulatedNetworkTests
{
    private const long Start = 1_700_006_400_000; // 2023-11-15T00:00:00Z
    private const long Day = 86_400_000;

    private static readonly Lazy<SimulatedNetwork> Large = new(() => new SimulatedNetwork(new SimulationOptions { People = 20_000 }));

    [Fact]
    public void The_same_seed_gives_the_same_stream_to_the_last_letter()
    {
        var options = new SimulationOptions { Seed = 7, People = 300, PostsPerDay = 1 };

        Assert.Equal(Hash(options), Hash(options));
        Assert.NotEqual(Hash(options), Hash(options with { Seed = 8 }));
    }

    [Fact]
    public void The_stream_of_seed_7_is_the_one_that_it_always_was() =>
        Assert.Equal("da790fa9ece67a9b", Hash(new SimulationOptions { Seed = 7, People = 300, PostsPerDay = 1 }));

    [Fact]
    public void A_longer_stream_begins_like_a_shorter_one()
    {
        var network = new SimulatedNetwork(new SimulationOptions { People = 200, PostsPerDay = 2 });
        var day = network.Actions(Start, Start + Day).ToList();

        Assert.Equal(day, network.Actions(Start, Start + 3 * Day).Take(day.Count));
    }

    [Fact]
    public void Actions_come_in_order_of_time_and_no_reaction_before_its_post()
    {
        var (posts, last) = (0L, Start);
        foreach (var action in Large.Value.Actions(Start, Start + Day))
        {
            Assert.InRange(action.UnixMs, last, Start + Day - 1);
            last = action.UnixMs;
            if (action.Kind == ActionKind.Post)
                Assert.Equal(posts++, action.Post);
            else
                Assert.InRange(action.Post, 0, posts - 1);
        }
        Assert.InRange(posts, 9_400, 10_600);
    }

    [Fact]
    public void Nobody_reacts_to_what_they_do_not_follow_and_only_friends_to_what_is_for_friends()
    {
        var graph = Large.Value.Graph;
        var forFriends = 0;
        foreach (var action in Large.Value.Actions(Start, Start + Day))
        {
            if (action.Actor == action.Author)
                continue;
            Assert.True(graph.Follow(action.Actor, action.Author));
            if (action.Audience == Audience.Friends)
                Assert.True(graph.AreFriends(action.Actor, action.Author));
            forFriends += action.Audience == Audience.Friends ? 1 : 0;
        }
        Assert.True(forFriends > 100);
    }

    [Fact]
    public void A_person_leaves_no_mark_twice()
    {
        var marks = Large.Value.Actions(Start, Start + Day).Where(a => a.Kind is ActionKind.Like or ActionKind.Share or ActionKind.Hide);
        Assert.All(marks.GroupBy(a => (a.Kind, a.Actor, a.Post)), group => Assert.Single(group));
    }

    [Fact]
    public void Follower_counts_have_the_tail_that_is_stated()
    {
        var graph = Large.Value.Graph;
        var followers = Enumerable.Range(0, graph.People).Select(i => graph.Followers(i).Length).OrderDescending().ToArray();

        Assert.InRange(graph.Follows / (double)graph.People, 25, 50);
        Assert.True(followers[0] > 40 * followers[followers.Length / 2], $"The largest has {followers[0]}, the median {followers[followers.Length / 2]}.");
        // Hill's estimator over the top percent: the density falls like x^-(1 + tail).
        var top = followers[..200];
        var tail = 1 / top.Average(f => Math.Log((double)f / top[^1]));
        Assert.InRange(1 + tail, 1.9, 2.9);
    }

    [Fact]
    public void Some_follow_back_some_are_friends_and_friends_are_friends_from_both_sides()
    {
        var graph = Large.Value.Graph;
        var mutual = Large.Value.Follows().Count(f => graph.Follow(f.Followee, f.Follower)) / (double)graph.Follows;
        var friends = graph.Friendships().ToList();

        Assert.InRange(mutual, 0.2, 0.7);
        Assert.InRange(friends.Count / (double)graph.People, 1, 20);
        Assert.All(friends, f => Assert.True(graph.AreFriends(f.A, f.B) && graph.AreFriends(f.B, f.A)));
        Assert.All(Large.Value.Follows(), f => Assert.NotEqual(f.Follower, f.Followee));
    }

    [Fact]
    public void The_evening_is_busier_than_the_night()
    {
        var hours = new int[24];
        foreach (var action in Large.Value.Actions(Start, Start + 2 * Day))
            hours[(action.UnixMs - Start) / 3_600_000 % 24]++;

        Assert.True(hours[20] > 5 * hours[4], string.Join(' ', hours));
        Assert.True(hours[12] > 2 * hours[6], string.Join(' ', hours));
    }

    [Fact]
    public void An_average_post_gets_about_as_many_reactions_as_asked_for()
    {
        var actions = Large.Value.Actions(Start, Start + 5 * Day).ToList();
        var posts = actions.Count(a => a.Kind == ActionKind.Post);
        var early = actions.Where(a => a.Kind != ActionKind.Post).Count();

        Assert.InRange(early / (double)posts, 3, 9);
        Assert.All(Enum.GetValues<ActionKind>(), kind => Assert.Contains(actions, a => a.Kind == kind));
    }

    [Fact]
    public void Friends_react_more_often_than_those_who_merely_follow()
    {
        var graph = Large.Value.Graph;
        double friends = 0, others = 0, friendReactions = 0, otherReactions = 0;
        foreach (var action in Large.Value.Actions(Start, Start + Day).Where(a => a.Audience == Audience.Public))
        {
            if (action.Kind == ActionKind.Post)
            {
                var of = graph.Followers(action.Author).ToArray().Count(f => graph.AreFriends(f, action.Author));
                friends += of;
                others += graph.Followers(action.Author).Length - of;
            }
            else if (action.Actor != action.Author)
            {
                var isFriend = graph.AreFriends(action.Actor, action.Author);
                friendReactions += isFriend ? 1 : 0;
                otherReactions += isFriend ? 0 : 1;
            }
        }
        Assert.True(friendReactions / friends > 2 * otherReactions / others);
    }

    [Fact]
    public void Everything_that_is_said_keeps_the_rules_of_the_house()
    {
        var network = new SimulatedNetwork(new SimulationOptions { People = 2_000, PostsPerDay = 1 });
        var texts = new HashSet<string>();
        foreach (var action in network.Actions(Start, Start + Day))
        {
            if (action.Kind == ActionKind.Post)
            {
                Assert.Null(PostRules.Check(action.Type, action.Audience, default, network.Body(action)));
                texts.Add(network.Body(action).Text);
            }
            if (action.Kind == ActionKind.Comment)
                Assert.NotEmpty(network.Comment(action));
        }
        Assert.True(texts.Count > 1_200, $"{texts.Count} different texts");
        Assert.All(network.People(), p => Assert.Null(PersonRules.Check(p.Handle, p.Name, p.Bio)));
        Assert.Equal(2_000, network.People().Select(p => p.Handle).Distinct().Count());
    }

    [Theory]
    [InlineData(10)]
    [InlineData(60)]
    public void A_small_network_works_too(int people)
    {
        var network = new SimulatedNetwork(new SimulationOptions { People = people, PostsPerDay = 5 });
        Assert.Contains(network.Actions(Start, Start + 5 * Day), a => a.Kind == ActionKind.Post);
        Assert.NotEmpty(network.Follows());
    }

    [Fact]
    public void An_option_out_of_its_range_is_named() => Assert.Equal(
        "The people are 10 to 5,000,000; this is 9. (Parameter 'options')",
        Assert.Throws<ArgumentException>(() => new SimulatedNetwork(new SimulationOptions { People = 9 })).Message);

    private static string Hash(SimulationOptions options)
    {
        var network = new SimulatedNetwork(options);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var person in network.People())
            hash.AppendData(Encoding.UTF8.GetBytes($"{person.Handle}|{person.Name}|{person.Bio}\n"));
        foreach (var (follower, followee) in network.Follows())
            Append(hash, follower, followee);
        foreach (var (a, b) in network.Graph.Friendships())
            Append(hash, a, b);
        foreach (var action in network.Actions(Start, Start + 2 * Day))
        {
            Append(hash, (long)action.Kind, action.UnixMs, action.Actor, action.Post, action.Author, action.Topic, (long)action.Type, (long)action.Audience);
            if (action.Kind == ActionKind.Post)
                hash.AppendData(Encoding.UTF8.GetBytes(network.Body(action).Text + string.Join(' ', network.Body(action).MediaIds)));
            if (action.Kind == ActionKind.Comment)
                hash.AppendData(Encoding.UTF8.GetBytes(network.Comment(action)));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    private static void Append(IncrementalHash hash, params ReadOnlySpan<long> numbers)
    {
        Span<byte> bytes = stackalloc byte[8];
        foreach (var number in numbers)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
            hash.AppendData(bytes);
        }
    }
}
