using Tidings.FanOut;
using Tidings.People;
using Tidings.Server.Hosting;

namespace Tidings.Server.Audits;

/// <summary>Takes audits, runs one at a time, and remembers the last <see cref="RememberedMax"/>.</summary>
internal sealed class AuditDesk(AuditInboxes inboxes, FailStop failStop, TimeProvider clock) : BackgroundService
{
    public const int RememberedMax = 8;

    private readonly Lock _gate = new();
    private readonly List<Run> _runs = [];
    private readonly SemaphoreSlim _asked = new(0);
    private long _lastId;

    /// <summary>The newest; null where there was none yet.</summary>
    public Audit? Current
    {
        get
        {
            lock (_gate) return _runs.LastOrDefault()?.Audit;
        }
    }

    public Audit? Find(long id)
    {
        lock (_gate) return _runs.Find(run => run.Audit.Id == id)?.Audit;
    }

    /// <returns>Null where one is running.</returns>
    public Audit? Start(IReadOnlyList<UserId> readers, bool repair)
    {
        lock (_gate)
        {
            if (_runs.LastOrDefault() is { Audit.State: AuditState.Running })
                return null;
            var audit = new Audit(++_lastId, readers, repair, clock.GetUtcNow().ToUnixTimeMilliseconds());
            _runs.Add(new Run(audit, new CancellationTokenSource()));
            if (_runs.Count > RememberedMax)
            {
                _runs[0].Ends.Dispose();
                _runs.RemoveAt(0);
            }
            _asked.Release();
            return audit;
        }
    }

    /// <summary>Ends an audit where it is, if it runs. It notices between two readers.</summary>
    public void Cancel(Audit audit)
    {
        lock (_gate) _runs.Find(run => run.Audit == audit)?.Ends.Cancel();
    }

    public override void Dispose()
    {
        _asked.Dispose();
        _runs.ForEach(run => run.Ends.Dispose());
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            while (true)
            {
                await _asked.WaitAsync(stoppingToken);
                Run run;
                lock (_gate) run = _runs[^1];
                using var ends = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, run.Ends.Token);
                await inboxes.RunAsync(run.Audit, ends.Token);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e)
        {
            failStop.End("audit", e);
        }
    }

    private sealed record Run(Audit Audit, CancellationTokenSource Ends);
}
