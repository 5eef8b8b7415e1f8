using System.Collections.Concurrent;
using System.Globalization;
using Tidings.Client;
using Tidings.Client.Wire;
using Tidings.Posts;

namespace Tidings.Server.Simulation;

/// <summary>
/// Simulated people act through the public API of a running server, each with the service key on their behalf. A server that is too busy
/// (429, 503) is asked again when it says; after <see cref="TriesMax"/> times the simulation ends with its answer. Any other refusal of the kind 4xx
/// is counted and passed over; a 5xx ends the simulation.
/// </summary>
/// <param name="people">The id of each simulated person, by index.</param>
internal sealed class HttpSink(
    SimulatedNetwork network, string[] people, TidingsClient client, string serviceKey, TimeProvider clock) : ISimulationSink
{
    private const int TriesMax = 10;
    private static readonly TimeSpan RetryDefault = TimeSpan.FromSeconds(1);

    private readonly ConcurrentBag<string> _refusals = [];

    /// <summary>The first few refusals, to show.</summary>
    public IEnumerable<string> Refusals => _refusals;

    public async ValueTask<PostId?> PublishAsync(SimulatedAction post, CancellationToken ct)
    {
        var body = network.Body(post);
        var request = new PublishRequest(body.Text, (Client.Wire.PostType)post.Type, body.MediaIds, (Client.Wire.Audience)post.Audience);
        var key = string.Create(CultureInfo.InvariantCulture, $"simulate-{post.UnixMs}-{post.Post}");
        PublishedView? published = null;
        if (!await DoAsync(async () => published = await As(post.Actor).PublishAsync(request, key, ct), ct))
            return null;
        return PostId.TryParse(published!.Id, out var id) ? id : throw new InvalidDataException($"The server called a post {published.Id}.");
    }

    public async ValueTask<bool> ReactAsync(SimulatedAction reaction, PostId post, CancellationToken ct)
    {
        var (actor, id) = (As(reaction.Actor), post.ToString());
        return await DoAsync(() => reaction.Kind switch
        {
            ActionKind.Like => actor.LikeAsync(id, ct),
            ActionKind.Share => actor.ShareAsync(id, ct),
            ActionKind.Hide => actor.HideAsync(id, ct),
            ActionKind.Comment => actor.CommentAsync(id, network.Comment(reaction), CommentKey(reaction), ct),
            _ => throw new ArgumentOutOfRangeException(nameof(reaction), reaction.Kind, "A post is no reaction."),
        }, ct);
    }

    public TidingsClient As(int person) => client.As(serviceKey, people[person]);

    /// <returns>False where the server refused.</returns>
    public async Task<bool> DoAsync(Func<Task> ask, CancellationToken ct)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await ask();
                return true;
            }
            catch (TidingsException e) when (e.Status is 429 or 503 && tries < TriesMax)
            {
                await Task.Delay(e.RetryAfter ?? RetryDefault, clock, ct);
            }
            catch (TidingsException e) when (e.Status is >= 400 and < 500 and not 401 and not 429)
            {
                if (_refusals.Count < 5)
                    _refusals.Add(e.Message);
                return false;
            }
        }
    }

    private static string CommentKey(in SimulatedAction comment) =>
        string.Create(CultureInfo.InvariantCulture, $"simulate-{comment.UnixMs}-{comment.Post}-{comment.Actor}");
}
