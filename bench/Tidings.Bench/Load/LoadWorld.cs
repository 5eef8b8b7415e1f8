using Tidings.Bench.Worlds;
using Tidings.Embedded;
using Tidings.People;

namespace Tidings.Bench.Load;

/// <summary>A record for the load: everyone follows 50 others at random, posts of the last two days, and a service key.</summary>
internal sealed class LoadWorld : IDisposable
{
    public const int Followees = 50;
    private const int TextChars = 600;

    private readonly TempFolder _folder = new();
    private readonly List<int>[] _followers;

    private LoadWorld(int people)
    {
        People = people;
        _followers = [.. Enumerable.Range(0, people + 1).Select(_ => new List<int>())];
    }

    public int People { get; }

    public string Folder => _folder.Path;

    public string Key { get; } = Token.Make(Token.ServicePrefix);

    public static async Task<LoadWorld> MakeAsync(int people, int posts)
    {
        var world = new LoadWorld(people);
        var options = new EmbeddedOptions { DataFolder = world.Folder };
        await using var profile = await EmbeddedProfile.OpenAsync(options, TimeProvider.System, null, CancellationToken.None);
        await AddKeyAsync(profile, world.Key);
        await Seeding.PeopleAsync(profile.Bulk, people);
        await Seeding.FollowsAsync(profile.Bulk, "follows", world.Follow());
        await Seeding.PostsAsync(profile.Bulk, "posts", Posts(people, posts));
        return world;
    }

    /// <summary>A service key that the bench may use, put into the record while no server has it.</summary>
    public static ValueTask AddKeyAsync(EmbeddedProfile profile, string key) => profile.Credentials.AddAsync(
        Token.Hash(key), new Credential(KeyKind.Service, default, "bench", long.MaxValue), CancellationToken.None);

    /// <summary>The record once more, for another server: made while no server has it.</summary>
    public TempFolder Copy()
    {
        var copy = new TempFolder();
        foreach (var file in Directory.GetFiles(Folder, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(copy.Path, Path.GetRelativePath(Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
        return copy;
    }

    public ReadOnlyMemory<int> FollowersOf(long person) => _followers[person].ToArray();

    public void Dispose() => _folder.Dispose();

    private IEnumerable<(UserId, UserId)> Follow()
    {
        var random = new Random(5);
        var chosen = new HashSet<int>();
        for (var person = 1; person <= People; person++)
        {
            chosen.Clear();
            while (chosen.Count < Math.Min(Followees, People - 1))
            {
                var other = 1 + random.Next(People);
                if (other == person || !chosen.Add(other))
                    continue;
                _followers[other].Add(person);
                yield return (new UserId(person), new UserId(other));
            }
        }
    }

    private static IEnumerable<Import.DatedPost> Posts(int people, int posts)
    {
        var random = new Random(6);
        var text = new string('t', TextChars);
        var start = TimeProvider.System.GetUtcNow().AddDays(-2).ToUnixTimeMilliseconds();
        for (var i = 0; i < posts; i++)
            yield return Seeding.Post(new UserId(1 + random.Next(people)), text, start + (long)(i * TimeSpan.FromDays(2).TotalMilliseconds / posts));
    }
}
