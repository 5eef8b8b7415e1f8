using Tidings.Engagement;
using Tidings.Events;
using Tidings.People;
using Tidings.Ranking;

namespace Tidings.Feeds;

/// <summary>
/// Starts, counts and ends experiments; one runs at a time. <see cref="StepAsync"/> takes the pages that were served since the last step and the events
/// since the position that the tallies have come to, and stores what changed together with the new position: an act counts exactly once,
/// whatever happens meanwhile. Pages that were served since the last step are forgotten by a crash. An act counts for a reader who got a page before it, or up to a second after.
/// Then the guardrails look, and may end the experiment. Not for several threads at once, but for <see cref="ReportAsync"/>.
/// </summary>
public sealed class RunExperiments(IRankingStore store, RankingPlans plans, Exposures exposures, IEventLog events, TimeProvider clock)
{
    /// <summary>Readers whom one experiment counts: some 100 MB. Who comes later is ranked for and not counted.</summary>
    public const int ReadersMax = 1_000_000;

    private const int EventsAtOnce = 4_096, LeftFlag = 256;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<UserId, Tally> _tallies = [];
    private readonly HashSet<UserId> _changed = [];
    private readonly Event[] _read = new Event[EventsAtOnce];
    private long _position;

    /// <summary>Goes on with the experiment that runs.</summary>
    public async Task LoadAsync(CancellationToken ct)
    {
        var running = (await store.ExperimentsAsync(ct)).LastOrDefault(experiment => experiment.IsRunning);
        if (running is not null)
            await BeginAsync(running, ct);
    }

    /// <returns>The experiment as it runs; <c>experiment_running</c> where another one does, <c>experiment_exists</c> for a name that was used.</returns>
    public async ValueTask<Result<Experiment>> StartAsync(string name, IReadOnlyList<Variant> variants, float riseMax, CancellationToken ct)
    {
        using var turn = await TurnAsync(ct);
        var all = await store.ExperimentsAsync(ct);
        var id = all.Count == 0 ? 1 : all.Max(one => one.Id) + 1;
        var made = new Experiment(id, name, clock.GetUtcNow().ToUnixTimeMilliseconds(), 0, "", riseMax, variants);
        if (made.Check() is { } wrong)
            return wrong;
        if (all.Any(one => one.Name == name))
            return new Rejection(RejectionKind.Conflict, "experiment_exists", "There is, or was, an experiment of this name.", "name");
        if (plans.Experiment is { } running)
            return new Rejection(RejectionKind.Conflict, "experiment_running", $"The experiment {running.Name} runs: stop it first.");
        await store.SetExperimentAsync(made, events.End, ct);
        await BeginAsync(made, ct);
        return made;
    }

    /// <returns>The experiment, ended; <c>experiment_not_found</c>. One that had ended stays as it was.</returns>
    public async ValueTask<Result<Experiment>> StopAsync(string name, CancellationToken ct)
    {
        using var turn = await TurnAsync(ct);
        var found = (await store.ExperimentsAsync(ct)).FirstOrDefault(experiment => experiment.Name == name);
        if (found is null)
            return Rejection.NotFound("experiment");
        return found.IsRunning ? await EndAsync(found, "stopped", ct) : found;
    }

    /// <returns>The experiment and how its variants compare; <c>experiment_not_found</c>.</returns>
    public async ValueTask<Result<(Experiment Experiment, IReadOnlyList<VariantReport> Variants)>> ReportAsync(string name, CancellationToken ct)
    {
        var found = (await store.ExperimentsAsync(ct)).FirstOrDefault(experiment => experiment.Name == name);
        if (found is null)
            return Rejection.NotFound("experiment");
        return (found, ExperimentReport.Of(found, (await store.TalliesAsync(found.Id, ct)).Tallies));
    }

    /// <summary>Counts what happened since the last step.</summary>
    public async Task StepAsync(CancellationToken ct)
    {
        using var turn = await TurnAsync(ct);
        if (plans.Experiment is not { } running)
        {
            while (exposures.TryTake(out _))
            {
            }
            return;
        }
        // The end is taken first: whoever acted before it and got a page before that is counted with both.
        var end = events.End;
        var before = _position;
        while (exposures.TryTake(out var exposure))
            Count(running, exposure);
        while (_position < end)
        {
            var count = await ReadOrSkipAsync(ct);
            foreach (var happened in _read.AsSpan(0, count))
                Count(happened);
        }
        if (_changed.Count == 0 && _position - before < EventsAtOnce)
            return;
        await store.NoteAsync(running.Id, new ExperimentTallies(_position, [.. _changed.Select(reader => _tallies[reader])]), ct);
        _changed.Clear();
        if (Breach(running) is { } reason)
            await EndAsync(running, reason, ct);
    }

    private async ValueTask<int> ReadOrSkipAsync(CancellationToken ct)
    {
        try
        {
            return await events.ReadAsync(_position, _read, ct);
        }
        catch (EventsExpiredException expired)
        {
            return await events.ReadAsync(expired.First - 1, _read, ct);
        }
    }

    private async Task BeginAsync(Experiment experiment, CancellationToken ct)
    {
        var stored = await store.TalliesAsync(experiment.Id, ct);
        _tallies.Clear();
        _changed.Clear();
        foreach (var tally in stored.Tallies)
            _tallies[tally.Reader] = tally;
        _position = stored.Position;
        plans.Use(experiment);
    }

    private async ValueTask<Experiment> EndAsync(Experiment experiment, string reason, CancellationToken ct)
    {
        var ended = experiment with { EndedUnixMs = clock.GetUtcNow().ToUnixTimeMilliseconds(), EndReason = reason };
        await store.SetExperimentAsync(ended, null, ct);
        plans.Use((Experiment?)null);
        return ended;
    }

    private void Count(Experiment running, in Exposure exposure)
    {
        if (exposure.Experiment != running.Id)
            return;
        if (!_tallies.TryGetValue(exposure.Reader, out var tally))
        {
            if (_tallies.Count == ReadersMax)
                return;
            tally = new Tally(exposure.Reader, exposure.Variant, 0, 0, 0, 0, 0, 0);
        }
        _tallies[exposure.Reader] = tally with { Pages = tally.Pages + 1, Errors = tally.Errors + (exposure.Failed ? 1 : 0) };
        _changed.Add(exposure.Reader);
    }

    private void Count(in Event happened)
    {
        _position = happened.Position;
        if (happened.Kind is not (EventKind.MarkChanged or EventKind.Commented)
            || (happened.Kind == EventKind.MarkChanged && (happened.Detail & LeftFlag) == 0)
            || !_tallies.TryGetValue(happened.Actor, out var tally))
            return;
        _tallies[happened.Actor] = happened.Kind == EventKind.Commented
            ? tally with { Comments = tally.Comments + 1 }
            : (Mark)(byte)happened.Detail switch
            {
                Mark.Like => tally with { Likes = tally.Likes + 1 },
                Mark.Share => tally with { Shares = tally.Shares + 1 },
                _ => tally with { Hides = tally.Hides + 1 },
            };
        _changed.Add(happened.Actor);
    }

    private string? Breach(Experiment running)
    {
        Span<int> hid = stackalloc int[Experiment.VariantsMax];
        Span<int> failed = stackalloc int[Experiment.VariantsMax];
        foreach (var tally in _tallies.Values)
        {
            hid[tally.Variant] += tally.Hides > 0 ? 1 : 0;
            failed[tally.Variant] += tally.Errors > 0 ? 1 : 0;
        }
        for (var v = 1; v < running.Variants.Count; v++)
        {
            if (Guardrail.Evidence(hid[v], hid[0], running.Variants[v].Share, running.Variants[0].Share, running.RiseMax) >= Guardrail.EvidenceMax)
                return $"guardrail: {running.Variants[v].Name} makes more readers hide posts";
            if (Guardrail.Evidence(failed[v], failed[0], running.Variants[v].Share, running.Variants[0].Share, running.RiseMax) >= Guardrail.EvidenceMax)
                return $"guardrail: the model of {running.Variants[v].Name} fails for more readers";
        }
        return null;
    }

    private async ValueTask<Turn> TurnAsync(CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        return new Turn(_turn);
    }

    private readonly struct Turn(SemaphoreSlim held) : IDisposable
    {
        public void Dispose() => held.Release();
    }
}
