using Tidings.Client;
using Tidings.Client.Wire;
using Xunit;

namespace Tidings.Server.Tests.Audits;

/// <summary>The races: people post, follow, unfollow, delete and read as fast as they can while their inboxes are audited.</summary>
public sealed class AuditUnderLoadTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const int People = 12, Audits = 5;

    private static readonly CancellationToken Ct = CancellationToken.None;

    [Fact]
    public async Task Nothing_on_its_way_counts_as_missing()
    {
        var people = new Someone[People];
        for (var i = 0; i < People; i++)
            people[i] = await server.JoinAsync("person");
        foreach (var (reader, author) in people.SelectMany(reader => people, (reader, author) => (reader, author)))
        {
            if (reader != author)
                await reader.Client.FollowAsync(author.Id, Ct);
        }

        using var ends = new CancellationTokenSource();
        var acts = 0;
        var living = Task.WhenAll(people.Select((person, i) => LiveAsync(person, new Random(i))));
        for (var round = 0; round < Audits; round++)
        {
            await server.Admin.StartAuditAsync(new AuditRequest(Ids: [.. people.Select(person => person.Id)]), Ct);
            AuditView audit;
            do
                audit = await server.Admin.AuditAsync("current", Ct);
            while (audit.State == "running");
            Assert.Equal(("done", 0, 0, 1.0), (audit.State, audit.Missing, audit.Extra.Unexplained, audit.Completeness));
        }
        await ends.CancelAsync();
        await living;
        Assert.True(acts > 100, $"{acts} acts");

        async Task LiveAsync(Someone person, Random random)
        {
            string? last = null;
            while (!ends.IsCancellationRequested)
            {
                var other = people[random.Next(People)];
                Interlocked.Increment(ref acts);
                switch (random.Next(8))
                {
                    case 0 when other != person:
                        await person.Client.UnfollowAsync(other.Id, Ct);
                        await person.Client.FollowAsync(other.Id, Ct);
                        break;
                    case 1 when last is not null:
                        await person.Client.DeletePostAsync(last, Ct);
                        last = null;
                        break;
                    case < 4:
                        await person.Client.FeedAsync(null, null, null, Ct);
                        break;
                    default:
                        last = (await person.Client.PublishAsync(new PublishRequest("a"), null, Ct)).Id;
                        break;
                }
            }
        }
    }
}
