using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Tidings.Embedded;
using Tidings.Engagement;
using Tidings.Feeds;
using Tidings.People;
using Tidings.Posts;
using Tidings.Server.Demo;
using Tidings.Server.Simulation;
using Xunit;

namespace Tidings.Server.Tests.Simulation;

public sealed class DemoNetworkTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2024, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _real = new(Now) { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) };
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_demo_has_people_who_can_sign_in_and_a_lively_past()
    {
        var clock = new ReplayClock(_real);
        await using var profile = await _folder.OpenAsync(clock, CancellationToken.None);
        var services = Services(profile, clock);
        var demo = await DemoNetwork.SeedAsync(services, CancellationToken.None);

        Assert.Equal(["ada", "linus", "grace", "alan", "edsger"], demo.People.Select(p => p.Handle));
        foreach (var person in demo.People)
        {
            var session = await services.GetRequiredService<SignIn>().ExecuteAsync(person.Handle, person.Password!, CancellationToken.None);
            Assert.Equal(person.Id, session.Value.Person);
            Assert.Equal(person.Id, (await profile.Credentials.FindAsync(Token.Hash(person.Token), CancellationToken.None))?.Person);
        }
        Assert.Equal(5, demo.People.Select(p => p.Password).Distinct().Count());
        Assert.InRange(demo.Past.Posts, 250, 1_000);
        Assert.True(demo.Past.Likes > demo.Past.Posts);
        Assert.Equal(0, demo.Past.Refused);
        Assert.True(clock.IsLive);
        Assert.InRange((await NewestAsync(profile, demo)).UnixMs, Now.AddHours(-12).ToUnixTimeMilliseconds(), Now.ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task A_second_start_finds_the_network_and_gives_new_sessions()
    {
        DemoNetwork first, second;
        await using (var profile = await _folder.OpenAsync(_real, CancellationToken.None))
            first = await DemoNetwork.SeedAsync(Services(profile, _real), CancellationToken.None);
        await using (var profile = await _folder.OpenAsync(_real, CancellationToken.None))
            second = await DemoNetwork.SeedAsync(Services(profile, _real), CancellationToken.None);

        Assert.Equal(first.People.Select(p => p.Id), second.People.Select(p => p.Id));
        Assert.All(second.People, p => Assert.Null(p.Password));
        Assert.NotEqual(first.People[0].Token, second.People[0].Token);
        Assert.Equal(0, second.Past.Actions);
    }

    [Fact]
    public async Task The_network_lives_on_while_the_server_runs()
    {
        await using var profile = await _folder.OpenAsync(_real, CancellationToken.None);
        var demo = await DemoNetwork.SeedAsync(Services(profile, _real), CancellationToken.None);
        var before = await NewestAsync(profile, demo);
        using var stop = new CancellationTokenSource();
        var living = demo.LiveAsync(stop.Token);

        for (var minute = 0; minute < 100_000 && await NewestAsync(profile, demo) == before; minute++)
        {
            _real.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }

        Assert.NotEqual(before, await NewestAsync(profile, demo));
        await stop.CancelAsync();
        await living;
    }

    [Fact]
    public async Task A_record_with_other_people_in_it_is_left_alone()
    {
        await using var profile = await _folder.OpenAsync(_real, CancellationToken.None);
        await profile.People.AddAsync(new NewPerson("somebody", "Somebody", "", []), CancellationToken.None);

        var e = await Assert.ThrowsAsync<DemoRefusedException>(() => DemoNetwork.SeedAsync(Services(profile, _real), CancellationToken.None));

        Assert.Contains("@somebody", e.Message);
        Assert.Null(await profile.People.FindAsync("ada", CancellationToken.None));
    }

    [Fact]
    public async Task A_demo_that_was_cut_off_while_it_was_made_is_not_taken_for_a_whole_one()
    {
        await using var profile = await _folder.OpenAsync(_real, CancellationToken.None);
        await profile.People.AddAsync(new NewPerson("ada", "Ada", "", []), CancellationToken.None);

        var e = await Assert.ThrowsAsync<DemoRefusedException>(() => DemoNetwork.SeedAsync(Services(profile, _real), CancellationToken.None));

        Assert.Contains("@linus is missing", e.Message);
    }

    private static async Task<PostId> NewestAsync(EmbeddedProfile profile, DemoNetwork demo)
    {
        var everyone = Enumerable.Range((int)demo.People[0].Id.Value, 60).Select(i => new UserId(i)).ToArray();
        var newest = new PostId[1];
        await profile.Posts.NewestAsync(everyone, PostId.Last, newest, CancellationToken.None);
        return newest[0];
    }

    private static ServiceProvider Services(EmbeddedProfile profile, TimeProvider clock) => new ServiceCollection()
        .AddSingleton(clock)
        .AddSingleton(profile.People).AddSingleton(profile.Credentials).AddSingleton(profile.Graph).AddSingleton(profile.Audiences)
        .AddSingleton(profile.Posts).AddSingleton(profile.Engagement).AddSingleton(profile.Inboxes)
        .AddSingleton(new SessionOptions())
        .AddSingleton<SignUp>().AddSingleton<SignIn>().AddSingleton<ChangeTie>().AddSingleton<PublishPost>()
        .AddSingleton<SeePosts>().AddSingleton<MarkPost>().AddSingleton<CommentOnPost>()
        .BuildServiceProvider();
}
